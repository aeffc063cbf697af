/** What Keras and TensorFlow.js call losses and metrics too, without signs between words and in lower case. */
const otherNames: Readonly<Record<string, string>> = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  kld: 'kullbackLeiblerDivergence',
  kldivergence: 'kullbackLeiblerDivergence',
  cosine: 'cosineProximity',
  cosinesimilarity: 'cosineProximity',
  huberloss: 'huber',
  acc: 'accuracy',
  binaryaccuracy: 'accuracy',
  categoricalaccuracy: 'accuracy',
  sparsecategoricalaccuracy: 'accuracy',
  topkcategoricalaccuracy: 'top5Accuracy',
  sparsetopkcategoricalaccuracy: 'top5Accuracy',
  softmaxcrossentropy: 'categoricalCrossentropy',
  sigmoidcrossentropy: 'binaryCrossentropy',
};

/** The name that somebody means who writes another one: `'mse'`, `'mean_squared_error'`, `'MeanSquaredError'`. */
export function nearestName(given: unknown, names: readonly string[]): string | undefined {
  if (typeof given !== 'string') return undefined;
  const plain = given.toLowerCase().replace(/[^a-z\d]/g, '');
  const other = Object.hasOwn(otherNames, plain) ? otherNames[plain] : undefined;
  return names.find((name) => name === other || name.toLowerCase() === plain);
}
