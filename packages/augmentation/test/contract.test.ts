import {describeRegularizer} from '@regularizers/testing';
import {
  cutmix,
  cutout,
  geometric,
  mixup,
  randomAffine,
  randomBrightness,
  randomContrast,
  randomCrop,
  randomErasing,
  randomFlip,
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
describeRegularizer('geometric', {
  create: () => geometric({flip: {}, shift: {pixels: 1}, affine: {}}),
  idle: () => geometric({shift: {pixels: 0}}),
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
