// Every technique as it is composed with others: strong enough for two steps to show which came first.
import {fromModel as dropoutLayers} from '@regularizers/dropout';
import {fromModel as layerRegularizers} from '@regularizers/l2';
import {fromModel as noiseLayers} from '@regularizers/noise';
import type {CompositionEntry} from '@regularizers/testing';
import {createRegularizers, type RegularizerRecipe} from '../../src/regularizers.ts';

const penalty = 0.1;

/** Sites where what changes activations meets: an image, vectors, and layers that declare something themselves. */
const at = ['block1_branch', 'hidden*', 'declared_*'];

const recipes: Readonly<Record<string, RegularizerRecipe>> = {
  l2: {name: 'l2', strength: penalty},
  l1: {name: 'l1', strength: penalty},
  'l1, proximal': {name: 'l1', strength: 1, proximal: true},
  elasticNet: {name: 'elasticNet', l1: penalty, l2: penalty},
  'elasticNet, proximal': {name: 'elasticNet', l1: 1, l2: penalty, proximal: true},
  weightDecay: {name: 'weightDecay', rate: 5},
  maxNorm: {name: 'maxNorm', maxValue: 0.5},
  unitNorm: {name: 'unitNorm'},
  nonNegative: {name: 'nonNegative'},
  minMaxNorm: {name: 'minMaxNorm', minValue: 0.7, rate: 0.5},
  clipGradients: {name: 'clipGradients', threshold: 0.1},

  randomFlip: {name: 'randomFlip'},
  randomShift: {name: 'randomShift', pixels: 2},
  randomCrop: {name: 'randomCrop', padding: 2},
  randomAffine: {name: 'randomAffine', rotation: 45},
  randomBrightness: {name: 'randomBrightness', strength: 0.5},
  randomContrast: {name: 'randomContrast', strength: 0.5},
  randomSaturation: {name: 'randomSaturation', strength: 0.5},
  randomHue: {name: 'randomHue', strength: 0.5},
  randomGrayscale: {name: 'randomGrayscale', probability: 0.5},
  randomInvert: {name: 'randomInvert'},
  pipeline: {
    name: 'pipeline',
    techniques: [{name: 'randomFlip'}, {name: 'randomShift', pixels: 1}, {name: 'randomBrightness'}],
  },
  'pipeline that erases': {name: 'pipeline', techniques: [{name: 'randomFlip'}, {name: 'cutout', fill: 1}]},
  randomErasing: {name: 'randomErasing', probability: 1, fill: 'noise'},
  cutout: {name: 'cutout', fill: 0.5},
  mixup: {name: 'mixup', alpha: 1},
  cutmix: {name: 'cutmix'},

  tie: {name: 'tie', weight: 'hidden2/kernel', to: 'hidden1/kernel', by: 'transpose'},
  share: {name: 'share', layers: ['hidden1', 'hidden2']},
  softShare: {name: 'softShare', strength: penalty, layers: ['hidden1', 'hidden2']},
  convolve: {name: 'convolve', layer: 'line', inputShape: [4, 2], kernelSize: 3, filters: 2, padding: 'same'},

  inputNoise: {name: 'inputNoise', sigma: 0.3},
  'inputNoise, masking': {name: 'inputNoise', distribution: 'masking', probability: 0.5, replacement: 1},
  labelSmoothing: {name: 'labelSmoothing', epsilon: 0.3},
  weightNoise: {name: 'weightNoise', sigma: 0.2},
  gradientNoise: {name: 'gradientNoise', eta: 0.3},
  activationNoise: {name: 'activationNoise', at, sigma: 0.5},
  'activationNoise, multiplicative': {name: 'activationNoise', at, sigma: 0.5, mode: 'multiplicative'},

  earlyStopping: {name: 'earlyStopping', patience: 5},
  stopWhen: {name: 'stopWhen', steps: 100},

  bagging: {name: 'bagging', members: 2},
  deepEnsemble: {name: 'deepEnsemble', members: 2},
  snapshots: {name: 'snapshots', cycles: 2},
  swa: {name: 'swa', start: 0},
  ema: {name: 'ema', decay: 0.9},

  dropout: {name: 'dropout', at},
  dropConnect: {name: 'dropConnect'},
  spatialDropout: {name: 'spatialDropout', at: 'block1_branch'},
  alphaDropout: {name: 'alphaDropout', at, rate: 0.3},
  gaussianDropout: {name: 'gaussianDropout', at},
  stochasticDepth: {name: 'stochasticDepth', at, rate: 0.5, schedule: 'uniform'},
};

const named = (name: string | undefined) => (name === undefined ? {} : {name});

/** What takes over what a model declares, which no recipe can name. */
const takingOver: Readonly<Record<string, CompositionEntry>> = {
  'fromModel of l2': {create: ({model}, name) => layerRegularizers(model, named(name)), declares: 'weights'},
  'fromModel of dropout': {create: ({model}, name) => dropoutLayers(model, named(name)), declares: 'dropout'},
  'fromModel of noise': {create: ({model}, name) => noiseLayers(model, named(name)), declares: 'noise'},
};

/** Every technique by what it is called in reports. */
export const entries: Readonly<Record<string, CompositionEntry>> = {
  ...Object.fromEntries(
    Object.entries(recipes).map(([label, recipe]): [string, CompositionEntry] => [
      label,
      {create: (_, name) => createRegularizers([name === undefined ? recipe : {...recipe, as: name}])[0]!},
    ]),
  ),
  ...takingOver,
};

/** The techniques that {@link entries} has, by the names that recipes give them. */
export const composed: ReadonlySet<string> = new Set(Object.values(recipes).map(({name}) => name));
