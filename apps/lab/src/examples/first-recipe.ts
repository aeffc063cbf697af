/** What the page shows first: it overfits without its regularizers, and trains in seconds. */
export const firstRecipe = {
  seed: 0,
  data: {name: 'glyphs', train: 800},
  model: {name: 'mlp', hidden: [256, 128]},
  optimizer: {name: 'adam', learningRate: 0.001},
  epochs: 30,
  batchSize: 50,
  regularizers: [
    {name: 'dropout', rate: 0.5},
    {name: 'l2', strength: 0.0001},
  ],
};
