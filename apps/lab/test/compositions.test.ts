// Every technique beside every other one: here, since only the app may name them all.
import {
  cutmix,
  cutout,
  mixup,
  pipeline,
  randomAffine,
  randomBrightness,
  randomContrast,
  randomCrop,
  randomErasing,
  randomFlip,
  randomInvert,
  randomShift,
} from '@regularizers/augmentation';
import {
  alphaDropout,
  dropConnect,
  dropout,
  gaussianDropout,
  spatialDropout,
  stochasticDepth,
} from '@regularizers/dropout';
import {earlyStopping, stopWhen} from '@regularizers/early-stopping';
import {bagging, deepEnsemble, ema, snapshots, swa} from '@regularizers/ensembles';
import {
  clipGradients,
  elasticNet,
  l1,
  l2,
  maxNorm,
  minMaxNorm,
  nonNegative,
  unitNorm,
  weightDecay,
} from '@regularizers/l2';
import {activationNoise, gradientNoise, inputNoise, labelSmoothing, weightNoise} from '@regularizers/noise';
import {convolve, share, softShare, tie} from '@regularizers/sharing';
import {type CompositionEntry, describeCompositions} from '@regularizers/testing';

const strength = 0.01;

const techniques: Readonly<Record<string, CompositionEntry>> = {
  l2: {create: () => l2({strength})},
  l1: {create: () => l1({strength})},
  'l1, proximal': {create: () => l1({strength, proximal: true, name: 'proximal'})},
  elasticNet: {create: () => elasticNet()},
  weightDecay: {create: () => weightDecay({rate: 0.1})},
  maxNorm: {create: () => maxNorm({maxValue: 0.5})},
  unitNorm: {create: () => unitNorm()},
  nonNegative: {create: () => nonNegative()},
  minMaxNorm: {create: () => minMaxNorm()},
  clipGradients: {create: () => clipGradients({threshold: 0.1})},

  randomFlip: {create: () => randomFlip()},
  randomShift: {create: () => randomShift({pixels: 1})},
  randomCrop: {create: () => randomCrop({padding: 1})},
  randomAffine: {create: () => randomAffine()},
  pipeline: {create: () => pipeline([randomFlip(), randomShift({pixels: 1}), randomBrightness()])},
  randomErasing: {create: () => randomErasing()},
  cutout: {create: () => cutout()},
  randomBrightness: {create: () => randomBrightness()},
  randomContrast: {create: () => randomContrast()},
  randomInvert: {create: () => randomInvert()},
  mixup: {create: () => mixup()},
  cutmix: {create: () => cutmix()},

  tie: {create: () => tie({weight: 'hidden2/kernel', to: 'hidden1/kernel', by: 'transpose'})},
  share: {create: () => share({layers: ['hidden1', 'hidden2']})},
  softShare: {create: () => softShare({strength, layers: ['hidden1', 'hidden2']})},
  convolve: {
    create: () => convolve({layer: 'line', inputShape: [4, 2], kernelSize: 3, filters: 2, padding: 'same'}),
  },

  inputNoise: {create: () => inputNoise()},
  labelSmoothing: {create: () => labelSmoothing()},
  weightNoise: {create: () => weightNoise()},
  gradientNoise: {create: () => gradientNoise()},
  activationNoise: {create: () => activationNoise({at: 'hidden*'})},

  earlyStopping: {create: () => earlyStopping({patience: 5})},
  stopWhen: {create: () => stopWhen({steps: 100})},

  bagging: {create: () => bagging({members: 2})},
  deepEnsemble: {create: () => deepEnsemble({members: 2})},
  snapshots: {create: () => snapshots({cycles: 2})},
  swa: {create: () => swa({start: 0})},
  ema: {create: () => ema({decay: 0.9})},

  dropout: {create: () => dropout()},
  dropConnect: {create: () => dropConnect()},
  spatialDropout: {create: () => spatialDropout()},
  alphaDropout: {create: () => alphaDropout()},
  gaussianDropout: {create: () => gaussianDropout()},
  stochasticDepth: {create: () => stochasticDepth({at: 'block1_branch'})},
};

/** Where the list decides: these come one after the other, and mean something else in another order. */
const inListOrder = [
  [
    'randomFlip',
    'randomShift',
    'randomCrop',
    'randomAffine',
    'pipeline',
    'randomBrightness',
    'randomContrast',
    'randomInvert',
  ],
  ['mixup', 'cutmix'],
  ['activationNoise', 'dropout', 'alphaDropout', 'gaussianDropout'],
];

/** One of each kind: a browser without a graphics card takes a second for each pair. */
const ofEachKind = ['l2', 'maxNorm', 'randomFlip', 'mixup', 'tie', 'labelSmoothing', 'ema', 'dropout'];

const isBrowser = typeof window !== 'undefined';
const chosen = Object.entries(techniques).filter(([name]) => !isBrowser || ofEachKind.includes(name));

describeCompositions(isBrowser ? 'one of each kind' : 'all techniques', Object.fromEntries(chosen), {
  inListOrder,
});
