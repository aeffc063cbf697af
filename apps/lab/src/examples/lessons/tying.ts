import {parseRecipe, type Recipe, type RecipeInput} from '../../recipe.ts';
import {defineLesson} from './define-lesson.ts';
import type {Lesson} from './lesson.ts';

const shared = (code: number) =>
  ({
    data: {name: 'digits', train: 1000, validation: 300, test: 400},
    model: {name: 'autoencoder', encoder: [code], activation: 'linear', outputActivation: 'linear'},
    optimizer: {name: 'adam', learningRate: 0.05, schedule: 'cosine'},
    epochs: 100,
    batchSize: 125,
  }) satisfies RecipeInput;

/** Numbers in the code, at first. */
const code = 4;

/** The decoder's kernel is the encoder's, transposed, and no longer trained. */
const recipe = (value: number): Recipe =>
  parseRecipe({
    ...shared(value),
    regularizers: [{name: 'tie', weight: 'dec1/kernel', to: 'enc1/kernel', by: 'transpose'}],
  });

export const tying: Lesson = defineLesson({
  name: 'tying',
  title: 'A decoder that is its encoder, transposed, finds the plane of PCA',
  claim:
    'Tying the decoder to the encoder halves the weights, and the linear autoencoder that is left learns the plane of the first k principal components, in coordinates that are orthonormal.',
  see: [
    'Both losses fall to the same floor: what the other principal components hold, Σ σᵢ²/(nd) over all i above k. No linear code of k numbers can do better.',
    'The digits: as they are, as PCA gives them back from k numbers, and as the tied autoencoder does. The second and the third row are the same pictures.',
    'The untied autoencoder finds the plane too, but it may stretch the coordinates as it likes, as long as the decoder undoes it: W₂W₁ = I and no more.',
  ],
  exact: [
    'Exact for a linear autoencoder with biases under the mean squared error, at its minimum. There is no other minimum, only saddle points, which training passes slowly where components are alike.',
    'With hidden layers that bend, a tied decoder has half the weights all the same; there is no plane then.',
  ],
  sources: [
    {
      paper: 'Baldi, Hornik (1989), Neural Networks and Principal Component Analysis',
      where: 'the plane of the first components is the only minimum, all else are saddle points',
      url: 'https://doi.org/10.1016/0893-6080(89)90014-2',
    },
    {
      paper:
        'Vincent, Larochelle, Lajoie, Bengio, Manzagol (2010), Stacked Denoising Autoencoders: Learning Useful Representations in a Deep Network with a Local Denoising Criterion',
      where: 'decoders whose weights are tied to the encoder',
      url: 'https://www.jmlr.org/papers/v11/vincent10a.html',
    },
  ],
  slider: {label: 'k, numbers in the code', min: 1, max: 8, scale: 'linear', step: 1, value: code},
  baseline: parseRecipe(shared(code)),
  recipe,
  load: () => import('./measured/tying.ts'),
});
