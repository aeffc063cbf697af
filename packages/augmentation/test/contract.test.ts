import {describeRegularizer} from '@regularizers/testing';
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
  randomGrayscale,
  randomHue,
  randomInvert,
  randomSaturation,
  randomShift,
} from '../src/index.ts';

describeRegularizer('randomFlip', {
  create: () => randomFlip(),
  idle: () => randomFlip({horizontal: 0}),
  fixture: 'images',
});
describeRegularizer('randomShift', {
  create: () => randomShift({pixels: 2}),
  idle: () => randomShift({pixels: 0}),
  fixture: 'images',
});
describeRegularizer('randomCrop', {
  create: () => randomCrop({padding: 2}),
  idle: () => randomCrop({padding: 0}),
  fixture: 'images',
});
describeRegularizer('randomAffine', {
  create: () => randomAffine(),
  idle: () => randomAffine({rotation: 0, translation: 0, scale: [1, 1], shear: 0}),
  fixture: 'images',
});
describeRegularizer('pipeline', {
  create: () =>
    pipeline([
      randomFlip(),
      randomShift({pixels: 1}),
      randomAffine(),
      randomBrightness(),
      randomContrast(),
      randomErasing(),
    ]),
  idle: () => pipeline([randomShift({pixels: 0}), randomContrast({strength: 0})]),
  fixture: 'images',
});
describeRegularizer('randomInvert', {
  create: () => randomInvert(),
  idle: () => randomInvert({probability: 0}),
  fixture: 'images',
});
describeRegularizer('randomErasing', {
  create: () => randomErasing({fill: 'noise'}),
  idle: () => randomErasing({probability: 0}),
  fixture: 'images',
});
describeRegularizer('cutout', {
  create: () => cutout(),
  idle: () => cutout({probability: 0}),
  fixture: 'images',
});
describeRegularizer('mixup', {
  create: () => mixup(),
  idle: () => mixup({alpha: 0}),
  fixture: 'images',
});
describeRegularizer('cutmix', {
  create: () => cutmix(),
  idle: () => cutmix({alpha: 0}),
  fixture: 'images',
});
describeRegularizer('randomBrightness', {
  create: () => randomBrightness(),
  idle: () => randomBrightness({strength: 0}),
  fixture: 'images',
});
describeRegularizer('randomContrast', {
  create: () => randomContrast(),
  idle: () => randomContrast({strength: 0}),
  fixture: 'images',
});

/** The fixture's six numbers as two pixels of three colours. */
const rgb = {imageShape: [1, 2, 3], range: [-9, 9]} as const;
describeRegularizer('randomSaturation', {
  create: () => randomSaturation(rgb),
  idle: () => randomSaturation({...rgb, strength: 0}),
});
describeRegularizer('randomHue', {
  create: () => randomHue(rgb),
  idle: () => randomHue({...rgb, strength: 0}),
});
describeRegularizer('randomGrayscale', {
  create: () => randomGrayscale({...rgb, probability: 0.5}),
  idle: () => randomGrayscale({...rgb, probability: 0}),
});
