import {parseRecipe, type Recipe, type RecipeInput} from '../../recipe.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';
import {linear} from './linear-recipe.ts';

const shared = {
  ...linear,
  // Heavy ball, with about the best momentum for these curvatures: 250 steps leave what float32 can hold.
  optimizer: {name: 'momentum', learningRate: 0.3, momentum: 0.88},
  epochs: 250,
} satisfies RecipeInput;

/** The lab's loss is ‖Xw − y‖²/n, twice J. */
const recipe = (value: number): Recipe =>
  parseRecipe({...shared, regularizers: [{name: 'l2', strength: 2 * value}]});

export const l2: Lesson = defineLesson({
  name: 'l2',
  title: 'L2 shrinks most where the loss is flat',
  claim:
    'A penalty (a/2)‖w‖² leaves λ/(λ + a) of the weights along a direction in which the loss has curvature λ: all of them where the data are sure, almost none where they are not.',
  see: [
    'A bar for each direction of the data, the steepest on the left: how much of the weights without a penalty the trained model has kept. Beside it what λ/(λ + a) says. Pull a up, and the bars on the right fall first.',
    'The shares add up to the number of parameters that are still in use: of ten at a = 0 there are none left at a = ∞.',
    'A network on two moons, where some labels are wrong: without a penalty its boundary winds around them. Its bends are what the data have little to say on, and so they go first.',
    'Under SGD the penalty and weight decay are the same steps. Under Adam they are not: Adam divides the gradient by its size, the penalty along with it, so that weights with small gradients are pulled much harder than others. Decay beside the gradient (AdamW) pulls all alike.',
  ],
  exact: [
    'Exact for a linear model under J(w) = (1/2n)‖Xw − y‖². The lab trains ‖Xw − y‖²/n, which is 2J, so that its l2 has the strength 2a.',
    'Near a minimum of a network it holds to second order, with the curvatures of its loss there. The picture of the two moons is measured, and no number is claimed of it.',
  ],
  sources: [
    {
      paper: 'Hoerl, Kennard (1970), Ridge Regression: Biased Estimation for Nonorthogonal Problems',
      where: 'the estimate with a multiple of the identity added to XᵀX',
      url: 'https://doi.org/10.1080/00401706.1970.10488634',
    },
    {
      paper: 'Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning',
      where: 'section 3.4.1; eq. 3.50, the effective degrees of freedom',
      url: 'https://hastie.su.domains/ElemStatLearn/',
    },
    {
      paper: 'Loshchilov, Hutter (2019), Decoupled Weight Decay Regularization',
      where: 'section 2, propositions 1 and 2',
      url: 'https://arxiv.org/abs/1711.05101',
    },
  ],
  slider: {label: 'a, the strength', min: 1e-3, max: 1, scale: 'log', value: 0.1},
  baseline: parseRecipe(shared),
  recipe,
  load: () => import('./measured/l2.ts'),
});
