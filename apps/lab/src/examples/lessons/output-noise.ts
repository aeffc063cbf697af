import {parseRecipe, type Recipe, type RecipeInput} from '../../recipe.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';

const shared = {
  data: {name: 'digits', train: 100, validation: 100, test: 1000, labelNoise: 0.2},
  model: {name: 'mlp', hidden: [128]},
  optimizer: {name: 'adam', learningRate: 0.02, schedule: 'cosine'},
  epochs: 100,
  batchSize: 25,
} satisfies RecipeInput;

/** @param value ε */
const recipe = (value: number): Recipe =>
  parseRecipe({...shared, regularizers: [{name: 'labelSmoothing', epsilon: value}]});

export const outputNoise: Lesson = defineLesson({
  name: 'output-noise',
  title: 'Smoothed labels say how sure a network is to be',
  claim:
    'With labels smoothed by ε the loss is lowest where the right one of K classes has a logit log(1 + K(1 − ε)/ε) above the others, and there it is the entropy of the smoothed label; with hard labels logits grow without end, and so does confidence.',
  see: [
    'A point for each ε: the gap of logits that a network has on its training examples once it has learned them by heart, on the line of the formula.',
    'One label in five is wrong here, and a network of this size learns those too. Below the diagonal it is surer than right, above it less sure than it may be. Smoothing moves it up; how far is best is for validation data to say, and here an ε of 0.1 is too much.',
    'The loss is no measure between the two: smoothed labels have an entropy, which no network can go below. Errors on hard labels are, and they may not move at all.',
  ],
  exact: [
    'The gap and the floor are exact where a network can fit every training example, under cross-entropy of softmax. A network that cannot has smaller gaps.',
    'That a smoothed network is less sure follows for its training examples. Whether it is better calibrated on others is no theorem: the calibration error in the picture may be the larger one.',
  ],
  sources: [
    {
      paper:
        'Szegedy, Vanhoucke, Ioffe, Shlens, Wojna (2016), Rethinking the Inception Architecture for Computer Vision',
      where: 'section 7, label smoothing',
      url: 'https://arxiv.org/abs/1512.00567',
    },
    {
      paper: 'Müller, Kornblith, Hinton (2019), When Does Label Smoothing Help?',
      where: 'section 2, representations before the last layer; section 3, calibration',
      url: 'https://arxiv.org/abs/1906.02629',
    },
    {
      paper: 'Guo, Pleiss, Sun, Weinberger (2017), On Calibration of Modern Neural Networks',
      where: 'eq. 3, the expected calibration error',
      url: 'https://arxiv.org/abs/1706.04599',
    },
  ],
  slider: {label: 'ε, how much labels are smoothed', min: 0.05, max: 0.5, scale: 'log', value: 0.1},
  baseline: parseRecipe(shared),
  recipe,
  load: () => import('./measured/output-noise.ts'),
});
