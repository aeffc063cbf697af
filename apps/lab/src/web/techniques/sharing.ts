import {choiceField, type Field, flagField, numberField, textField} from '../fields/field.ts';
import {include, strength, type TechniqueForm} from './shared.ts';

const layers = textField('words', 'layers', 'Layers', {
  help: 'Paths or globs of layers of one shape, such as block1_conv*.',
});

const start = {layers: ['block1_conv1', 'block1_conv2']};

const weight = (key: string, label: string, help: string): Field =>
  textField('words', key, label, {help, lone: true});

const side = (key: string, label: string, empty?: string): Field =>
  textField('numbers', key, label, {lone: true, ...(empty === undefined ? {} : {empty})});

export const sharingForms: Readonly<Record<string, TechniqueForm>> = {
  tie: {
    label: 'Tie weights',
    about: 'One weight becomes a function of another, such as a decoder of its encoder.',
    start: {weight: 'dec1/kernel', to: 'enc1/kernel', by: 'transpose'},
    fields: [
      weight('weight', 'Weight', 'The one that stops being trained, such as dec1/kernel.'),
      weight('to', 'Tied to', 'Such as enc1/kernel.'),
      choiceField('by', 'By', ['same', 'transpose'], {initial: 'same'}),
      textField('json', 'pairs', 'Pairs', {
        help: 'In place of one pair: a list of {"weight": …, "to": …, "by": …}.',
        advanced: true,
      }),
    ],
  },
  share: {
    label: 'Share weights',
    about: 'Several layers use one set of weights.',
    start,
    fields: [
      layers,
      choiceField('initial', 'First value', ['first', 'mean'], {initial: 'first', advanced: true}),
      include('all of the layers'),
    ],
  },
  softShare: {
    label: 'Soft sharing',
    about: 'A penalty pulls the weights of several layers towards each other.',
    start,
    fields: [
      strength('Times half the squared distance.'),
      layers,
      textField('json', 'pairs', 'Pairs', {
        empty: 'every pair',
        help: 'A list of pairs of names.',
        advanced: true,
      }),
      include('all of the layers'),
    ],
  },
  convolve: {
    label: 'Convolve',
    about: 'A dense layer becomes a convolution: one small kernel at every position.',
    start: {layer: 'hidden1', inputShape: [28, 28, 1], kernelSize: 7, filters: 4, strides: 3},
    fields: [
      textField('text', 'layer', 'Layer', {
        help: 'A dense layer as wide as the result: positions × filters.',
      }),
      textField('numbers', 'inputShape', 'Shape of the input', {help: 'Height, width, channels.'}),
      side('kernelSize', 'Kernel size'),
      numberField('filters', 'Filters', {min: 1, integer: true}),
      side('strides', 'Strides', '1'),
      choiceField('padding', 'Padding', ['valid', 'same'], {initial: 'valid'}),
      flagField('sharedBias', 'One bias per filter', true, {advanced: true}),
      choiceField('initial', 'First value', ['glorotUniform', 'nearest'], {
        initial: 'glorotUniform',
        advanced: true,
      }),
    ],
  },
};
