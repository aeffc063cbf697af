import {parseRecipe, type RecipeInput} from '../../recipe.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';
import {linear} from './linear-recipe.ts';

const shared = {
  ...linear,
  optimizer: {name: 'momentum', learningRate: 0.1, momentum: 0.85},
  epochs: 600,
} satisfies RecipeInput;

/** Noise never comes to rest: what is compared is the mean of the weights once they have arrived. */
const averaged = {name: 'swa', start: 0.4};

export const inputNoise: Lesson = defineLesson({
  name: 'input-noise',
  title: 'Noise on the inputs is ridge, for a linear model',
  claim:
    'A linear model that sees its inputs with new noise of variance σ² at each step learns, on average, what ridge with a = σ² does from clean ones.',
  see: [
    'A bar for each direction of the data, the steepest on the left: how much of the least-squares solution is left by noise on the inputs, and beside it λ/(λ + σ²). Pull σ up, and flat directions go first, as with ridge.',
    'The red bars are ridge with half that strength: they are not where the blue ones are. Those who write the loss without its ½ find a factor of 2 somewhere else; under the same J it is σ², not σ²/2.',
    'Noise on the weights instead of the inputs adds σ²‖x‖² to the loss of each example, which no weight can change: it moves nothing. Weights are pulled about by it all the same, and their mean over T steps is off by the mean of T draws.',
  ],
  exact: [
    'Exact in expectation for a linear model under J(w) = (1/2n)‖Xw − y‖²: E ½(w·(x + n) − t)² = ½(w·x − t)² + ½σ²‖w‖². What is trained is one draw at each step, and the mean of the weights over some hundred of them: a few percent remain.',
    'On a network it is a penalty on the slope of the output, and only near a minimum, to second order in σ.',
  ],
  sources: [
    {
      paper: 'Bishop (1995), Training with Noise is Equivalent to Tikhonov Regularization',
      where: 'the penalty of a sum-of-squares error',
      url: 'https://doi.org/10.1162/neco.1995.7.1.108',
    },
  ],
  slider: {label: 'σ, the noise', min: 0.15, max: 1, scale: 'log', value: 0.3},
  baseline: parseRecipe({...shared, regularizers: [averaged]}),
  recipe: (value) => parseRecipe({...shared, regularizers: [{name: 'inputNoise', sigma: value}, averaged]}),
  load: () => import('./measured/input-noise.ts'),
});
