import {describeRegularizer} from '@regularizers/testing';
import {convolve, share, softShare, tie} from '../src/index.ts';

describeRegularizer('tie', {
  create: () =>
    tie([
      {weight: 'dec2/kernel', to: 'enc2/kernel', by: 'transpose'},
      {weight: 'dec1/kernel', to: 'enc1/kernel', by: 'transpose'},
    ]),
  fixture: 'autoencoder',
});

describeRegularizer('share', {
  create: () => share({layers: ['block1_dense', 'block2_dense']}),
  fixture: 'residual',
});

describeRegularizer('softShare', {
  create: () => softShare({strength: 0.1, layers: ['block1_dense', 'block2_dense']}),
  idle: () => softShare({strength: 0, layers: ['block1_dense', 'block2_dense']}),
  fixture: 'residual',
});

describeRegularizer('convolve', {
  create: () => convolve({layer: 'line', inputShape: [4, 2], kernelSize: 3, filters: 2, padding: 'same'}),
  fixture: 'composite',
});
