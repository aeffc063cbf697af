import {dataSchemas} from '../../data/catalog.ts';
import {autoencoderSchema} from '../../models/autoencoder.ts';
import {cnnSchema} from '../../models/cnn.ts';
import {mlpSchema} from '../../models/mlp.ts';
import {recurrentSchema} from '../../models/recurrent.ts';
import {residualSchema} from '../../models/residual.ts';
import {optimizerSchema} from '../../optimizers.ts';
import {type Field, textField} from './field.ts';
import {schemaFields, type Words} from './schema-fields.ts';

/** Something that a recipe can name: what a person calls it, and its options. */
export interface Kind {
  readonly label: string;
  readonly fields: readonly Field[];
}

const dataWords: Readonly<Record<string, Words>> = {
  train: {label: 'Training examples', empty: 'all', slider: {from: 20, to: 5000, scale: 'log'}},
  validation: {label: 'Validation examples', advanced: true},
  test: {label: 'Test examples', empty: 'all', advanced: true},
  labelNoise: {
    label: 'Wrong labels',
    help: 'Share of the labels of training and validation that are wrong. Test labels are right.',
    step: 0.05,
    slider: {from: 0, to: 0.5, scale: 'linear'},
  },
  difficulty: {
    help: '0 is clean print, 1 as drawn by hand, 2 barely legible.',
    step: 0.1,
    slider: {from: 0, to: 2, scale: 'linear'},
  },
  spread: {empty: 'what suits the shape', step: 0.05, advanced: true},
  noise: {
    help: 'Standard deviation of the noise.',
    step: 0.05,
    slider: {from: 0, to: 1, scale: 'linear'},
  },
  classes: {advanced: true},
  steps: {label: 'Length', unit: 'steps', advanced: true},
  folds: {empty: 'none', help: 'Training and validation examples in so many parts.', advanced: true},
  fold: {empty: '0', help: 'Which of them is the validation set, from 0.', advanced: true},
  seed: {label: 'Data seed', advanced: true},
  task: {label: 'Asked', empty: 'what its values look like', advanced: true},
  size: {label: 'Width and height', unit: 'pixels'},
  channels: {label: 'Colours'},
  inputs: {label: 'Inputs are', empty: 'what their shape looks like'},
  x: {label: 'Array of the inputs', empty: 'x', advanced: true},
  y: {label: 'Array of the targets', empty: 'y', advanced: true},
};

/** Options that are asked for otherwise, or that the file says. */
const beside: ReadonlySet<string> = new Set([
  'file',
  'folder',
  'labels',
  'target',
  'columns',
  'missing',
  'sha256',
]);

const ownFields = (schema: Parameters<typeof schemaFields>[0]): readonly Field[] =>
  schemaFields(schema, dataWords).filter(({key}) => !beside.has(key));

const measured = schemaFields(dataSchemas['breast-cancer'], dataWords);
const plane = schemaFields(dataSchemas.toy, dataWords);

/** Data by name, embedded first. */
export const dataKinds: Readonly<Record<string, Kind>> = {
  glyphs: {label: 'Glyphs: hand-drawn letters, 28 × 28', fields: schemaFields(dataSchemas.glyphs, dataWords)},
  moons: {label: 'Moons: two half moons in the plane', fields: plane},
  spirals: {label: 'Spirals: three arms in the plane', fields: plane},
  circles: {label: 'Circles: a disc within a ring', fields: plane},
  blobs: {label: 'Blobs: four clouds that touch', fields: plane},
  gestures: {
    label: 'Gestures: recordings of two channels',
    fields: schemaFields(dataSchemas.gestures, dataWords),
  },
  wave: {label: 'Wave: a sine through few noisy points', fields: schemaFields(dataSchemas.wave, dataWords)},
  adding: {label: 'Adding: sum of two marked numbers', fields: schemaFields(dataSchemas.adding, dataWords)},
  digits: {label: 'Digits: handwritten, 8 × 8', fields: schemaFields(dataSchemas.digits, dataWords)},
  'breast-cancer': {label: 'Breast cancer: 30 measures of cells, two classes', fields: measured},
  wine: {label: 'Wine: 13 measures, three classes', fields: measured},
  diabetes: {label: 'Diabetes: 10 measures, a value', fields: schemaFields(dataSchemas.diabetes, dataWords)},
  mnist: {
    label: 'MNIST: handwritten digits (your files)',
    fields: schemaFields(dataSchemas.mnist, dataWords),
  },
};

/** Options of data of the user's own, by its kind. */
export const ownFieldsOf: Readonly<Record<string, readonly Field[]>> = {
  csv: [
    ...ownFields(dataSchemas.csv),
    textField('words', 'missing', 'Missing', {
      empty: 'the usual words',
      help: 'Words that stand for a missing value, beside empty cells, NA, ? and the like.',
      advanced: true,
    }),
  ],
  pictures: ownFields(dataSchemas.pictures),
  arrays: ownFields(dataSchemas.arrays),
};

const modelWords: Readonly<Record<string, Words>> = {
  hidden: {label: 'Units of the hidden layers'},
  channels: {label: 'Channels of the convolutions'},
  units: {help: 'Of the layer between the convolutions and the output.'},
  blocks: {label: 'Channels of the blocks', help: 'More than in the block before halves the picture.'},
  encoder: {label: 'Units of the encoder', help: 'The last one is the code; the decoder mirrors them.'},
};

/** Models by name. */
export const modelKinds: Readonly<Record<string, Kind>> = {
  mlp: {label: 'MLP: dense layers', fields: schemaFields(mlpSchema, modelWords)},
  cnn: {label: 'CNN: convolutions with batch normalization', fields: schemaFields(cnnSchema, modelWords)},
  residual: {label: 'Residual CNN', fields: schemaFields(residualSchema, modelWords)},
  autoencoder: {
    label: 'Autoencoder: dense, mirrored',
    fields: schemaFields(autoencoderSchema, modelWords),
  },
  recurrent: {
    label: 'Recurrent: LSTM, GRU or simple',
    fields: schemaFields(recurrentSchema, {units: {label: 'Units of the recurrent layers'}}),
  },
};

const optimizerWords: Readonly<Record<string, Words>> = {
  learningRate: {label: 'Learning rate', step: 0.0005, slider: {from: 1e-4, to: 1, scale: 'log'}},
  schedule: {label: 'Learning rate schedule', help: 'cosine falls to 0 over the run.'},
  momentum: {step: 0.05, slider: {from: 0.5, to: 0.99, scale: 'logOfRest'}},
};

const optimizerLabels: Readonly<Record<string, string>> = {
  adam: 'Adam',
  sgd: 'SGD',
  momentum: 'SGD with momentum',
};

/** Optimizers by name. */
export const optimizerKinds: Readonly<Record<string, Kind>> = Object.fromEntries(
  optimizerSchema.options.map((schema) => {
    const name = schema.shape.name.value;
    return [name, {label: optimizerLabels[name] ?? name, fields: schemaFields(schema, optimizerWords)}];
  }),
);
