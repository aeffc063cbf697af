// The house: which folder is for what, and what may import what. The lint rules and the guide are held against it.

/** The folders of packages/core/src, each built on those before it. */
export const layersOfCore = [
  {folder: 'lib', about: 'errors, tensors in trees, scopes, words for messages: nothing of training'},
  {
    folder: 'description',
    about: 'what a technique says of its options; selectors; checks, schema and search space of them',
  },
  {folder: 'kernels', about: "what tfjs's kernels get wrong or lack on WebGL and wasm"},
  {folder: 'backend', about: 'which backend it is, whether it is lost, when to give way'},
  {folder: 'optimizers', about: 'sgd, adam, schedules'},
  {folder: 'losses', about: 'losses and metrics, and what outputs mean'},
  {
    folder: 'model',
    about: 'a model as the step sees it: weights, sites, a forward pass that plugins reach into',
  },
  {folder: 'state', about: "what a member's state is, and its structure"},
  {folder: 'answers', about: 'what hooks return, held against what they may return'},
  {folder: 'plugins', about: 'plugins checked, put in order, set up and bound; what explain() says'},
  {folder: 'step', about: 'one step: pure, from state and feed to state and report'},
  {folder: 'data', about: 'arrays and streams as epochs of batches'},
  {folder: 'member', about: "one member's training so far, and its checkpoints"},
  {folder: 'execution', about: 'who runs steps: op by op, or a session of a backend'},
  {folder: 'evaluate', about: 'losses and metrics without training; whose weights, how combined'},
  {folder: 'loop', about: 'epochs, reports, decisions, the end'},
];

/** The packages, and those that each is built on. */
export const packages = [
  {folder: 'random', builtOn: []},
  {folder: 'core', builtOn: ['random']},
  ...['l2', 'augmentation', 'sharing', 'noise', 'early-stopping', 'ensembles', 'dropout'].map((folder) => ({
    folder,
    builtOn: ['core', 'random'],
  })),
  {folder: 'search', builtOn: ['core', 'random']},
  {folder: 'native', builtOn: ['core', 'random']},
  {folder: 'testing', builtOn: ['core', 'random']},
  {folder: 'create-plugin', builtOn: []},
];
