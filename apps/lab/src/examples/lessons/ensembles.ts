import {parseRecipe, type Recipe, type RecipeInput} from '../../recipe.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';

const shared = {
  data: {name: 'wave', train: 40, validation: 50, test: 400, noise: 0.4},
  model: {name: 'mlp', hidden: [32, 32], activation: 'tanh'},
  optimizer: {name: 'adam', learningRate: 0.02, schedule: 'cosine'},
  epochs: 60,
  batchSize: 10,
} satisfies RecipeInput;

/** @param value members */
const recipe = (value: number): Recipe =>
  parseRecipe({...shared, regularizers: [{name: 'bagging', members: value}]});

export const ensembles: Lesson = defineLesson({
  name: 'ensembles',
  title: 'An ensemble gains what its members disagree on',
  claim:
    'The squared error of the mean is the mean error less the mean spread, always; k members whose errors have the mean square v and the mean product c come to v/k + (k − 1)c/k, so that averaging takes away what their mistakes do not share and nothing else.',
  see: [
    'The curves of the members, each trained on a bootstrap sample of the same points, and their mean: where they part, the mean is nearer to the truth than most of them. One model that has seen all points may still be as good: a member has seen fewer.',
    'Error against the number of members: points are the mean over every choice of so many, the line is the formula. It falls towards c, what all members get wrong alike, and not to 0.',
    'Members that are the same gain nothing: straight lines that start elsewhere all come to the one line of least squares.',
  ],
  exact: [
    'Both formulas are identities for squared errors, on any data and for any members, with v and c taken on the same examples. For other losses only the direction is sure: the mean is no worse than the mean member where the loss is convex.',
    'A bootstrap sample of n examples holds 1 − (1 − 1/n)ⁿ of them in the mean, near 63 %.',
  ],
  sources: [
    {
      paper: 'Krogh, Vedelsby (1995), Neural Network Ensembles, Cross Validation, and Active Learning',
      where: 'the error of an ensemble is the mean error less the mean ambiguity',
      url: 'https://papers.nips.cc/paper/1001-neural-network-ensembles-cross-validation-and-active-learning',
    },
    {
      paper: 'Goodfellow, Bengio, Courville (2016), Deep Learning',
      where: 'section 7.11, eq. 7.51',
      url: 'https://www.deeplearningbook.org',
    },
    {
      paper: 'Breiman (1996), Bagging Predictors',
      where: 'section 4.1: why an average of predictions is better',
      url: 'https://doi.org/10.1007/BF00058655',
    },
  ],
  slider: {label: 'k, members', min: 2, max: 10, scale: 'linear', step: 1, value: 8},
  baseline: parseRecipe(shared),
  recipe,
  load: () => import('./measured/ensembles.ts'),
});
