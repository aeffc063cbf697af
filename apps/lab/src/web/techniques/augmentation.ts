import {type Field, numberField, textField} from '../fields/field.ts';
import {
  fillFields,
  imageFields,
  inputs,
  interpolation,
  probability,
  type TechniqueForm,
  targets,
} from './shared.ts';

const perAxis = 'One number, or {"horizontal": …, "vertical": …}.';

const affine: readonly Field[] = [
  numberField('rotation', 'Rotation', {
    min: 0,
    max: 180,
    step: 5,
    initial: 10,
    unit: '°',
    help: 'The largest, to either side.',
  }),
  textField('numbers', 'translation', 'Translation', {
    empty: '0.1',
    help: `The largest, as a fraction of the side. ${perAxis}`,
    lone: true,
  }),
  textField('numbers', 'scale', 'Magnification', {
    empty: '0.9, 1.1',
    help: 'The smallest and the largest.',
  }),
  numberField('shear', 'Shear', {
    min: 0,
    below: 90,
    step: 1,
    initial: 5,
    unit: '°',
    help: 'The largest, to either side.',
  }),
];

const pixels = (key: string): Field =>
  textField('numbers', key, 'Pixels', {empty: '4', help: `The largest shift. ${perAxis}`, lone: true});

const mirrored = (key: string, label: string, initial: number): Field =>
  numberField(key, label, {
    min: 0,
    max: 1,
    step: 0.1,
    initial,
    help: 'Probability that a picture is mirrored.',
  });

const range = textField('numbers', 'range', 'Range of pixels', {empty: '0, 1', advanced: true});

const jitter = (help: string): Field =>
  numberField('strength', 'Strength', {min: 0, max: 1, step: 0.05, initial: 0.2, help});

const fill = textField('numbers', 'fill', 'Fill with', {
  empty: '0',
  help: 'A number, or the word noise.',
  lone: true,
  advanced: true,
});

const beta = (initial: number): Field =>
  numberField('alpha', 'Alpha', {
    min: 0,
    step: 0.1,
    initial,
    help: 'Of the beta distribution of the mix: small is mostly one of the two, 1 is even.',
  });

export const augmentationForms: Readonly<Record<string, TechniqueForm>> = {
  randomAffine: {
    label: 'Random affine',
    about: 'Turns, moves, scales and shears each picture anew at every step.',
    fields: [...affine, interpolation('bilinear'), ...fillFields, ...imageFields],
  },
  randomShift: {
    label: 'Random shift',
    about: 'Moves each picture by whole pixels.',
    fields: [pixels('pixels'), ...fillFields, ...imageFields],
  },
  randomFlip: {
    label: 'Random flip',
    about: 'Mirrors pictures; letters and digits mostly suffer from it.',
    fields: [
      mirrored('horizontal', 'Left to right', 0.5),
      mirrored('vertical', 'Top to bottom', 0),
      ...imageFields,
    ],
  },
  randomCrop: {
    label: 'Random crop',
    about: 'Pads each picture and cuts a window of the old size out of it.',
    fields: [
      textField('numbers', 'padding', 'Padding', {empty: '4', help: `Pixels. ${perAxis}`, lone: true}),
      ...fillFields,
      ...imageFields,
    ],
  },
  randomBrightness: {
    label: 'Random brightness',
    about: 'Makes pictures lighter or darker.',
    fields: [jitter('The largest change, as a fraction of the range.'), range, ...imageFields],
  },
  randomContrast: {
    label: 'Random contrast',
    about: 'Stretches or flattens the contrast of pictures.',
    fields: [jitter('The largest change of the factor 1.'), range, ...imageFields],
  },
  randomSaturation: {
    label: 'Random saturation',
    about: 'Makes pictures of three colours greyer or more colourful.',
    fields: [jitter('The largest change of the factor 1.'), range, ...imageFields],
  },
  randomHue: {
    label: 'Random hue',
    about: 'Turns the colours of pictures about grey.',
    fields: [
      numberField('strength', 'Strength', {
        min: 0,
        max: 0.5,
        step: 0.01,
        initial: 0.05,
        help: 'The largest turn to either side, as a fraction of the circle.',
      }),
      range,
      ...imageFields,
    ],
  },
  randomGrayscale: {
    label: 'Random grayscale',
    about: 'Takes the colours out of some pictures.',
    fields: [{...probability(0.1), advanced: false}, range, ...imageFields],
  },
  randomInvert: {
    label: 'Random negative',
    about: 'Turns some pictures into negatives.',
    fields: [{...probability(0.5), advanced: false}, range, ...imageFields],
  },
  pipeline: {
    label: 'Several changes of pictures at once',
    about: 'One resampling for all that move pixels, one map for all that change colours.',
    start: {
      techniques: [
        {name: 'randomShift', pixels: 2},
        {name: 'randomAffine', rotation: 10},
      ],
    },
    fields: [
      textField('json', 'techniques', 'Techniques', {
        help: 'In their order, as a recipe has them: [{"name": "randomShift", "pixels": 2}].',
      }),
      ...imageFields,
    ],
  },
  randomErasing: {
    label: 'Random erasing',
    about: 'Blanks a random rectangle of some pictures.',
    fields: [
      {...probability(0.5), advanced: false},
      textField('numbers', 'area', 'Area', {empty: '0.02, 0.33', help: "Fractions of the picture's."}),
      textField('numbers', 'aspect', 'Height ÷ width', {empty: '0.3, 3.3', advanced: true}),
      fill,
      range,
      ...imageFields,
    ],
  },
  cutout: {
    label: 'Cutout',
    about: 'Blanks a square of each picture.',
    fields: [
      numberField('size', 'Side', {min: 1, integer: true, unit: 'pixels', empty: 'half the shorter side'}),
      probability(1),
      fill,
      range,
      ...imageFields,
    ],
  },
  mixup: {
    label: 'Mixup',
    about: 'Blends pairs of examples and their targets.',
    fields: [beta(0.2), probability(1), inputs, targets],
  },
  cutmix: {
    label: 'CutMix',
    about: 'Pastes a box of one picture into another, and mixes the targets by area.',
    fields: [beta(1), probability(1), ...imageFields],
  },
};
