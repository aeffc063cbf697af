import {choiceField, type Field, flagField, numberField, textField} from '../fields/field.ts';
import type {TechniqueForm} from './shared.ts';

const monitor = textField('text', 'monitor', 'Watched value', {
  empty: 'validation.loss',
  help: 'validation.loss, validation.accuracy, train.loss or train.objective.',
});

const evaluateEvery: Field = numberField('evaluateEvery', 'Evaluate every', {
  min: 1,
  integer: true,
  unit: 'steps',
  empty: 'at the end of each epoch',
  advanced: true,
});

export const earlyStoppingForms: Readonly<Record<string, TechniqueForm>> = {
  earlyStopping: {
    label: 'Early stopping',
    about: 'Ends the run when validation no longer improves, and leaves the best weights.',
    fields: [
      numberField('patience', 'Patience', {
        min: 0,
        integer: true,
        initial: 5,
        unit: 'epochs',
        help: 'Evaluations in a row without improvement.',
      }),
      monitor,
      flagField('restoreBest', 'Go back to the best weights', true),
      numberField('minDelta', 'Least improvement', {min: 0, step: 0.001, initial: 0, advanced: true}),
      numberField('startEpoch', 'First epoch that counts', {
        min: 1,
        integer: true,
        initial: 1,
        advanced: true,
      }),
      numberField('baseline', 'Baseline', {empty: 'none', step: 0.01, advanced: true}),
      choiceField('mode', 'Better is', ['auto', 'min', 'max'], {initial: 'auto', advanced: true}),
      evaluateEvery,
    ],
  },
  stopWhen: {
    label: 'Stop when',
    about: 'Ends the run at a value, a time or a number of steps.',
    start: {seconds: 60},
    fields: [
      numberField('seconds', 'Seconds', {above: 0, step: 5, empty: 'no limit'}),
      numberField('steps', 'Steps', {min: 1, integer: true, step: 100, empty: 'no limit'}),
      monitor,
      numberField('below', 'At or below', {step: 0.01, empty: 'never'}),
      numberField('above', 'At or above', {step: 0.01, empty: 'never'}),
      evaluateEvery,
    ],
  },
};
