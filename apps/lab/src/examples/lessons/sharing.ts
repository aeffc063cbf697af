import {parseRecipe, type Recipe, type RecipeInput} from '../../recipe.ts';
import {epochsOn} from './by-size.ts';
import {convolution, picture} from './convolution.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';

const shared = {
  data: {name: 'digits', train: 100, validation: 20, test: 700},
  model: {name: 'mlp', hidden: [picture.side ** 2 * picture.filters]},
  optimizer: {name: 'adam', learningRate: 0.01, schedule: 'cosine'},
  epochs: epochsOn(100, 25),
  batchSize: 25,
} satisfies RecipeInput;

/** @param value the kernel's side */
const recipe = (value: number): Recipe =>
  parseRecipe({
    ...shared,
    regularizers: [{name: 'convolve', layer: 'hidden1', kernelSize: value, ...convolution}],
  });

export const sharing: Lesson = defineLesson({
  name: 'sharing',
  title: 'The same filter at every place',
  claim:
    'A convolution is a dense layer whose matrix holds one small kernel at every position: k numbers in place of n·m, trained on the sum of the gradients of all positions, and it sees a thing the same way wherever it is.',
  see: [
    'What one filter costs to learn from pictures and noisy answers: with one kernel for all places, with one for each place, with a full matrix. A picture teaches a shared kernel 64 times, once at every place; how far the curves are apart at the same height is what sharing is worth.',
    'Error on digits against the number of examples. With a fiftieth of the weights sharing does no worse than a free kernel at every place, and not much better: these digits stand in the middle, so that each place has a part of them to itself, and the layer above has weights for each place.',
    'Error on test pictures that are moved aside, by models that have seen none that are. The answer of the shared layer moves along with them, but the layer after it has weights for each place, and so sharing alone is no help here. Networks pool for that.',
    'The same matrix may work on different inputs as well: two hidden layers that share one matrix train it on the sum of their gradients.',
  ],
  exact: [
    'Exact: the number of parameters, the sum of gradients, and that moving a picture moves what a convolution answers, away from the edges. All but rounding.',
    'Exact for least squares on pictures of independent normal numbers: a kernel of its own has the excess error σ²d/(n − d − 1) at a place from where it sees d pixels; a shared one of side k has σ²k²/(64n), to first order in 1/n.',
    'The error on digits is measured, with this network; how much sharing gains depends on whether a thing means the same wherever it is.',
  ],
  sources: [
    {
      paper:
        'LeCun, Boser, Denker, Henderson, Howard, Hubbard, Jackel (1989), Backpropagation Applied to Handwritten Zip Code Recognition',
      where: 'section 3.2, feature maps and weight sharing',
      url: 'https://doi.org/10.1162/neco.1989.1.4.541',
    },
    {
      paper: 'Goodfellow, Bengio, Courville (2016), Deep Learning',
      where: 'sections 7.9 and 9.2; layers that are connected locally without sharing: section 9.5',
      url: 'https://www.deeplearningbook.org',
    },
    {
      paper: 'Dehghani, Gouws, Vinyals, Uszkoreit, Kaiser (2019), Universal Transformers',
      where: 'section 2: one matrix for all layers',
      url: 'https://arxiv.org/abs/1807.03819',
    },
  ],
  slider: {label: "the kernel's side, pixels", min: 1, max: 7, scale: 'linear', step: 1, value: 3},
  baseline: parseRecipe(shared),
  recipe,
  load: () => import('./measured/sharing.ts'),
});
