import {parseRecipe, type Recipe, type RecipeInput} from '../../recipe.ts';
import {epochsOn} from './by-size.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';

const shared = {
  data: {name: 'glyphs', classes: 8, train: 100, validation: 20, test: 500},
  model: {name: 'mlp', hidden: [32]},
  optimizer: {name: 'adam', learningRate: 0.01, schedule: 'cosine'},
  epochs: epochsOn(100, 25),
  batchSize: 25,
} satisfies RecipeInput;

/** @param value the largest rotation, in degrees */
const recipe = (value: number): Recipe =>
  parseRecipe({
    ...shared,
    regularizers: [{name: 'randomAffine', rotation: value, translation: 0.1, scale: [0.9, 1.1], shear: 10}],
  });

export const augmentation: Lesson = defineLesson({
  name: 'augmentation',
  title: 'What augmentation is worth in examples',
  claim:
    'Pictures that are turned and moved do as more pictures would, as long as they keep their meaning: error falls as with so many more examples, and a transform that makes one class of another costs them.',
  see: [
    'Error against the number of real examples, without and with augmentation. How far the upper curve is to the right of the lower one, at the same height, is what augmentation is worth.',
    'Turned by up to 180 degrees, a 6 is a 9: a network that is shown both under either name does worse on them than one that was shown neither.',
    'For a linear model it can be counted. Where the target is the same for a picture and its mirror image, half of the weights are noise and nothing else; mirroring takes them away, and n pictures do exactly as 2n − 1.',
  ],
  exact: [
    'Exact for least squares on pictures of independent normal numbers under a mirror that the target does not see: the expected excess error is σ²d/(n − d − 1), and with mirrored pictures σ²(d/2)/(n − d/2 − 1). They are equal at n and 2n − 1.',
    'Exact, too: on data that are complete under a group, the linear model of least squares is invariant under it. Random flips come to that in expectation, so that training stays near it.',
    'For networks the worth is measured, and another one for other data, models and transforms.',
  ],
  sources: [
    {
      paper: 'Chen, Dobriban, Lee (2020), A Group-Theoretic Framework for Data Augmentation',
      where: 'averages over orbits are invariant and have less variance',
      url: 'https://jmlr.org/papers/v21/20-163.html',
    },
    {
      paper:
        'Simard, Steinkraus, Platt (2003), Best Practices for Convolutional Neural Networks Applied to Visual Document Analysis',
      where: 'section 2: data sets that distortions expand',
      url: 'https://doi.org/10.1109/ICDAR.2003.1227801',
    },
    {
      paper: 'Goodfellow, Bengio, Courville (2016), Deep Learning',
      where: 'section 7.4: transforms that would change the class, b and d, 6 and 9',
      url: 'https://www.deeplearningbook.org',
    },
  ],
  slider: {label: 'largest rotation, degrees', min: 0, max: 30, scale: 'linear', step: 5, value: 15},
  baseline: parseRecipe(shared),
  recipe,
  load: () => import('./measured/augmentation.ts'),
});
