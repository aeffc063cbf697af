import {choiceField, textField} from '../fields/field.ts';
import {at, dropRate, include, type TechniqueForm} from './shared.ts';

const dense = 'hidden dense layers';

export const dropoutForms: Readonly<Record<string, TechniqueForm>> = {
  dropout: {
    label: 'Dropout',
    about: 'Sets random units to zero at every step.',
    fields: [
      dropRate(0.5, 'Probability that a unit is dropped.'),
      at(dense),
      textField('numbers', 'noiseShape', 'Noise shape', {
        empty: 'a draw per element',
        help: 'Axes that share a draw are 1; null keeps an axis.',
        advanced: true,
      }),
    ],
  },
  gaussianDropout: {
    label: 'Gaussian dropout',
    about: 'Multiplies units by noise of the same variance as dropout.',
    fields: [dropRate(0.5, 'The drop rate whose variance it has.'), at(dense)],
  },
  alphaDropout: {
    label: 'Alpha dropout',
    about: 'Dropout that keeps mean and variance, for layers with selu.',
    fields: [dropRate(0.1, 'Probability that a unit is dropped.'), at('hidden layers with selu')],
  },
  spatialDropout: {
    label: 'Spatial dropout',
    about: 'Drops whole channels of convolutions.',
    fields: [dropRate(0.5, 'Probability that a channel is dropped.'), at('hidden convolutions')],
  },
  dropConnect: {
    label: 'DropConnect',
    about: 'Drops weights in place of units.',
    fields: [dropRate(0.5, 'Probability that a weight is dropped.'), include('kernels of dense layers')],
  },
  stochasticDepth: {
    label: 'Stochastic depth',
    about: 'Skips residual branches of some examples.',
    start: {at: 'block*_residual'},
    fields: [
      dropRate(0.2, 'Probability that the last branch is dropped.'),
      choiceField('schedule', 'Schedule', ['linear', 'uniform'], {initial: 'linear'}),
      {...at('nothing: it must be said'), advanced: false},
    ],
  },
};
