import {parseRecipe, type Recipe, type RecipeInput} from '../../recipe.ts';
import {convolution, picture} from './convolution.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';

const shared = {
  data: {name: 'digits', train: 200, validation: 100, test: 700},
  model: {name: 'mlp', hidden: [picture.side ** 2 * picture.filters]},
  optimizer: {name: 'adam', learningRate: 0.01, schedule: 'cosine'},
  epochs: 38,
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
    'Error against the number of examples: with the shared kernel, with a free one at every position, and with a full matrix. All three look at the picture alike; only sharing learns from every place at once, with a fiftieth of the weights. These digits stand in the middle, where a full matrix does well, too.',
    'Error on test pictures that are moved aside, by models that have seen none that are. The answer of the shared layer moves along with them, but the layer after it has weights for each place, and so sharing alone is no help here. Networks pool for that.',
    'The same matrix may work on different inputs as well: two hidden layers that share one matrix train it on the sum of their gradients.',
  ],
  exact: [
    'Exact: the number of parameters, the sum of gradients, and that moving a picture moves what a convolution answers, away from the edges. All but rounding.',
    'The error against the number of examples is measured, on these digits and with this network; how much sharing gains depends on whether a thing means the same wherever it is.',
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
