// What is written for tfjs, and what to write here: the table of docs/guides/from-model-fit.md.

/** Options of model.compile, and the line of createTrainer. */
export const inTrainer: readonly (readonly [string, string])[] = [
  ["loss: 'mse'", "loss: 'meanSquaredError'"],
  ["loss: 'mean_absolute_error'", "loss: 'meanAbsoluteError'"],
  ["metrics: 'accuracy'", "metrics: ['accuracy']"],
  ["metrics: 'acc'", "metrics: ['accuracy']"],
  ["metrics: ['acc']", "metrics: ['accuracy']"],
  ["metrics: ['mse']", "metrics: ['meanSquaredError']"],
  ["optimizer: 'sgd'", 'optimizer: sgd()'],
  ["optimizer: 'rmsprop'", 'optimizer: rmsprop()'],
  ['optimizer: adam', 'optimizer: adam()'],
  ['optimizer: tf.train.sgd(0.1)', 'optimizer: sgd({learningRate: 0.1})'],
  [
    'optimizer: tf.train.momentum(0.1, 0.8, true)',
    'optimizer: momentum({learningRate: 0.1, momentum: 0.8, nesterov: true})',
  ],
  [
    'optimizer: tf.train.adam(0.01, 0.9, 0.99, 1e-6)',
    'optimizer: adam({learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 0.000001})',
  ],
  [
    'optimizer: tf.train.rmsprop(0.01, 0.8, 0.5, 1e-6)',
    'optimizer: rmsprop({learningRate: 0.01, rho: 0.8, momentum: 0.5, epsilon: 0.000001, centered: false})',
  ],
  ['optimizer: tf.train.adagrad(0.1)', 'optimizer: adagrad({learningRate: 0.1, initialAccumulator: 0.1})'],
  ['learningRate: 0.1', 'optimizer: adam({learningRate: 0.1})'],
  ['regularizers: plugin', 'regularizers: [plugin]'],
];

/** Options of model.fit, and the line of fit. */
export const inFit: readonly (readonly [string, string])[] = [
  ['validationData: [x, y]', 'validation: {x, y}'],
  ['validationSplit: 0.2', 'validation: {split: 0.2}'],
  ['callbacks: {}', 'onEpoch: (report) => console.log(report)'],
  ['callbacks: [{onEpochEnd: async () => {}}]', 'onEpoch: (report) => console.log(report)'],
  ['verbose: 0', 'onEpoch: (report) => console.log(report)'],
  ['classWeight: {0: 1, 2: 3}', 'classWeight: [1, 1, 3]'],
];
