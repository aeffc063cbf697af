import {choiceField, type Field, numberField, type Options, textField} from '../fields/field.ts';
import {at, include, inputs, type TechniqueForm} from './shared.ts';

const sigma = (initial: number, help: string, when?: (options: Options) => boolean): Field =>
  numberField('sigma', 'Sigma', {min: 0, step: 0.01, initial, help, ...(when ? {when} : {})});

const distributed =
  (...names: readonly string[]) =>
  ({distribution = 'normal'}: Options): boolean =>
    names.includes(String(distribution));

export const noiseForms: Readonly<Record<string, TechniqueForm>> = {
  inputNoise: {
    label: 'Input noise',
    about: 'The model sees each input with new noise on it at every step.',
    fields: [
      choiceField('distribution', 'Distribution', ['normal', 'uniform', 'saltAndPepper', 'masking'], {
        initial: 'normal',
      }),
      sigma(0.1, "Standard deviation, in the inputs' unit.", distributed('normal')),
      numberField('limit', 'Limit', {
        min: 0,
        step: 0.01,
        initial: 0.1,
        help: 'The largest deviation.',
        when: distributed('uniform'),
      }),
      numberField('probability', 'Probability', {
        min: 0,
        max: 1,
        step: 0.05,
        initial: 0.1,
        help: 'That an element goes.',
        when: distributed('saltAndPepper', 'masking'),
      }),
      numberField('low', 'Pepper', {initial: 0, step: 0.1, when: distributed('saltAndPepper')}),
      numberField('high', 'Salt', {initial: 1, step: 0.1, when: distributed('saltAndPepper')}),
      numberField('replacement', 'Replaced by', {initial: 0, step: 0.1, when: distributed('masking')}),
      inputs,
    ],
  },
  labelSmoothing: {
    label: 'Label smoothing',
    about: 'Mixes each target with the uniform distribution.',
    fields: [
      numberField('epsilon', 'Epsilon', {
        min: 0,
        below: 1,
        step: 0.05,
        initial: 0.1,
        help: 'Weight of the uniform distribution.',
      }),
      textField('words', 'outputs', 'Outputs', {empty: 'all', lone: true, advanced: true}),
    ],
  },
  activationNoise: {
    label: 'Activation noise',
    about: 'Noise on the values of hidden layers.',
    start: {at: 'hidden*'},
    fields: [
      sigma(0.1, 'Standard deviation; a fraction if multiplicative.'),
      choiceField('mode', 'Mode', ['additive', 'multiplicative'], {initial: 'additive'}),
      {...at('nothing: it must be said'), advanced: false},
    ],
  },
  weightNoise: {
    label: 'Weight noise',
    about: 'The model reads its weights with noise on them.',
    fields: [sigma(0.01, "Standard deviation, in the weights' unit."), include('all trained weights')],
  },
  gradientNoise: {
    label: 'Gradient noise',
    about: 'Noise on gradients that fades over the run.',
    fields: [
      numberField('eta', 'Eta', {
        min: 0,
        step: 0.01,
        initial: 0.01,
        help: 'Sets the variance at the first step.',
      }),
      numberField('gamma', 'Gamma', {
        min: 0,
        step: 0.05,
        initial: 0.55,
        help: 'How fast the variance falls.',
      }),
      include('all trained weights'),
    ],
  },
};
