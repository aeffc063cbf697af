import {parseRecipe, type RecipeInput} from '../../recipe.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';

/** A network that learns wrong labels by heart, an epoch being one step. */
const shared = {
  data: {name: 'moons', train: 100, validation: 200, labelNoise: 0.2},
  model: {name: 'mlp', hidden: [64]},
  optimizer: {name: 'adam', learningRate: 0.03},
  batchSize: 100,
} satisfies RecipeInput;

/** Steps that the whole way has. */
const most = 300;

export const earlyStopping: Lesson = defineLesson({
  name: 'early-stopping',
  title: 'Stopping early shrinks as ridge does, almost',
  claim:
    'Gradient descent that starts at 0 and is stopped after t steps has come 1 − (1 − ηλ)ᵗ of the way along a direction of curvature λ, which is near what ridge leaves with a = 1/(ηt), and never the same.',
  see: [
    'Dots: how far a linear model has come along each direction of the data after t steps, the flattest on the left. The dashed line is the formula through them, the dotted one ridge. More steps push the curve to the left: flat directions, where the noise is, are learned last.',
    'Both paths lead from nothing to least squares, but not on the same line: descent is ahead of ridge in steep directions. Their shares differ by at most 0.21.',
    'Below is a network on labels of which a fifth is wrong: its training loss falls and falls, its validation loss turns. The technique keeps the weights of the lowest point.',
  ],
  exact: [
    'The share after t steps is exact for a linear model under J(w) = (1/2n)‖Xw − y‖² and plain gradient descent with ηλ < 1; the lab trains 2J, so that its learning rate is η/2.',
    'Ridge with a = 1/(ηt) is the same to first order in ηλt only. A strength that fits exactly, λ(1 − ηλ)ᵗ/(1 − (1 − ηλ)ᵗ), is another one in each direction.',
    'Of a network nothing of it is exact: there is only the turn of the validation loss.',
  ],
  sources: [
    {
      paper: 'Goodfellow, Bengio, Courville (2016), Deep Learning',
      where: 'section 7.8, eq. 7.40 to 7.45',
      url: 'https://www.deeplearningbook.org/contents/regularization.html',
    },
    {
      paper:
        'Ali, Kolter, Tibshirani (2019), A Continuous-Time View of Early Stopping for Least Squares Regression',
      where: 'gradient flow at time t against ridge with 1/t',
      url: 'https://arxiv.org/abs/1810.10082',
    },
  ],
  slider: {label: 't, the steps', min: 1, max: most, scale: 'log', step: 1, value: 30},
  baseline: parseRecipe({...shared, epochs: most}),
  recipe: (value) => parseRecipe({...shared, epochs: value}),
  load: () => import('./measured/early-stopping.ts'),
});
