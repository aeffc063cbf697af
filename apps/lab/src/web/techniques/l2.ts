import {choiceField, flagField, numberField, textField} from '../fields/field.ts';
import {include, strength, type TechniqueForm} from './shared.ts';

const proximal = flagField('proximal', 'Soft threshold', false, {
  help: 'After the update, in place of a gradient: weights become exactly zero.',
});

const axis = textField('numbers', 'axis', 'Axes of a unit', {
  empty: 'the weights into each unit',
  lone: true,
  advanced: true,
});

const norm = (key: string, label: string, initial: number): ReturnType<typeof numberField> =>
  numberField(key, label, {above: 0, step: 0.1, initial});

export const l2Forms: Readonly<Record<string, TechniqueForm>> = {
  l2: {
    label: 'L2 penalty',
    about: 'Adds half the strength times the sum of squared weights to the loss.',
    fields: [strength('Under plain SGD, the rate of weight decay.'), include()],
  },
  l1: {
    label: 'L1 penalty',
    about: 'Adds the sum of absolute weights: many weights go to zero.',
    fields: [strength('Times the sum of absolute weights.'), proximal, include()],
  },
  elasticNet: {
    label: 'Elastic net',
    about: 'L1 and L2 together.',
    fields: [
      strength('Times the sum of absolute weights.', 'l1', 'L1 strength'),
      strength('Times half the sum of squared weights.', 'l2', 'L2 strength'),
      proximal,
      include(),
    ],
  },
  weightDecay: {
    label: 'Weight decay',
    about: 'Shrinks weights beside the gradient, as AdamW does.',
    fields: [
      numberField('rate', 'Rate', {
        min: 0,
        step: 0.01,
        initial: 0.01,
        help: 'Part of each weight taken per step, times the learning rate.',
      }),
      include(),
    ],
  },
  maxNorm: {
    label: 'Max norm',
    about: "Scales each unit's weights back to a largest norm.",
    fields: [norm('maxValue', 'Largest norm', 2), axis, include()],
  },
  unitNorm: {
    label: 'Unit norm',
    about: "Scales each unit's weights to norm 1.",
    fields: [axis, include()],
  },
  minMaxNorm: {
    label: 'Min–max norm',
    about: "Keeps the norm of each unit's weights in a range.",
    fields: [
      numberField('minValue', 'Smallest norm', {min: 0, step: 0.1, initial: 0}),
      norm('maxValue', 'Largest norm', 1),
      numberField('rate', 'Rate', {
        min: 0,
        max: 1,
        step: 0.1,
        initial: 1,
        help: 'Part of the way into the range that each step goes.',
      }),
      axis,
      include(),
    ],
  },
  nonNegative: {
    label: 'Non-negative weights',
    about: 'Cuts negative weights off at zero after each step.',
    fields: [include()],
  },
  clipGradients: {
    label: 'Gradient clipping',
    about: 'Shortens gradients that are too long.',
    fields: [
      choiceField('by', 'Clip by', ['globalNorm', 'weightNorm', 'value', 'adaptive'], {
        initial: 'globalNorm',
      }),
      numberField('threshold', 'Threshold', {above: 0, step: 0.1, empty: '1; 0.01 for adaptive'}),
      include('all trained weights'),
    ],
  },
};
