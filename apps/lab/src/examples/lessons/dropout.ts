import {parseRecipe, type RecipeInput} from '../../recipe.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';

/** Eight units, so that all their masks can be tried. */
const shared = {
  data: {name: 'moons', train: 100, validation: 100, test: 500, labelNoise: 0.1},
  model: {name: 'mlp', hidden: [8]},
  optimizer: {name: 'adam', learningRate: 0.03},
  epochs: 200,
  batchSize: 100,
} satisfies RecipeInput;

export const dropout: Lesson = defineLesson({
  name: 'dropout',
  title: 'One network for all masks',
  claim:
    'A softmax layer above dropout answers, with all units there and scaled, exactly as the normalized geometric mean of the networks of all masks; in linear regression dropout is ridge with a strength of its own for each weight, (p/q)·diag(H).',
  see: [
    'Each dot is an example: across, what the network says with all units; up, the mean over all 2⁸ = 256 masks. The geometric mean lies on the diagonal, to the last digit. The arithmetic mean does not: it is less sure.',
    'The grid shows masks of a few steps, a column for each unit: each is gone in a share p of the steps, and no two steps are alike.',
    'With hidden layers above each other the scaled network is only near the mean over masks, which is why it works, and why it is called an approximation. In linear regression the bars of dropout are those of its ridge.',
  ],
  exact: [
    'The geometric mean is exact for a softmax (or logistic) layer right above the units that are dropped, whatever p; masks count by their probability. With more layers above it is approximate.',
    'Linear regression is exact in expectation under J(w) = (1/2n)‖Xw − y‖², with H = XᵀX/n, dropout on the inputs and what is kept scaled by 1/q, q = 1 − p. What is trained is one draw at each step, and the mean of the weights.',
  ],
  sources: [
    {
      paper:
        'Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov (2014), Dropout: A Simple Way to Prevent Neural Networks from Overfitting',
      where: 'section 7.5, scaled weights beside averages over masks; section 9.1, linear regression',
      url: 'https://jmlr.org/papers/v15/srivastava14a.html',
    },
    {
      paper: 'Baldi, Sadowski (2013), Understanding Dropout',
      where: 'the normalized weighted geometric mean of logistic units',
      url: 'https://papers.nips.cc/paper/4878-understanding-dropout',
    },
    {
      paper: 'Wager, Wang, Liang (2013), Dropout Training as Adaptive Regularization',
      where: 'dropout as an adaptive l2 penalty',
      url: 'https://arxiv.org/abs/1307.1493',
    },
  ],
  slider: {label: 'p, the rate', min: 0.1, max: 0.5, scale: 'linear', step: 0.05, value: 0.3},
  baseline: parseRecipe(shared),
  recipe: (value) => parseRecipe({...shared, regularizers: [{name: 'dropout', rate: value}]}),
  load: () => import('./measured/dropout.ts'),
});
