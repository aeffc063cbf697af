// Graceful stops under early stopping, with every technique: here, since only the app may name them all.
import {mapValues, type Regularizer} from '@regularizers/core';
import {earlyStopping} from '@regularizers/early-stopping';
import {checkStops, type RegularizerSpec, shareOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, test} from 'vitest';
import {hasTime, share} from '../../../vitest/share.ts';
import {createRegularizers, type RegularizerRecipe, techniques} from '../src/regularizers.ts';

/** Options that fit the model and a run of four epochs, where a technique's own example or defaults don't. */
const needed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  pipeline: {techniques: [{name: 'randomFlip'}, {name: 'randomBrightness'}]},
  randomShift: {pixels: 1},
  randomCrop: {padding: 1},
  tie: {weight: 'hidden2/kernel', to: 'hidden1/kernel', by: 'transpose'},
  share: {layers: ['hidden1', 'hidden2']},
  softShare: {layers: ['hidden1', 'hidden2']},
  convolve: {layer: 'line', inputShape: [4, 2], kernelSize: 3, filters: 2, padding: 'same'},
  stochasticDepth: {at: 'block1_branch'},
  stopWhen: {steps: 100},
  bagging: {members: 2},
  deepEnsemble: {members: 2},
  snapshots: {cycles: 2},
  swa: {start: 0.5},
};

/** A browser without a graphics card takes long for each. */
const ofEachKind = ['l2', 'mixup', 'tie', 'gradientNoise', 'dropout', 'snapshots', 'swa', 'ema'];
const chosen = shareOf(
  techniques.filter(({name}) => name !== 'earlyStopping' && (hasTime || ofEachKind.includes(name))),
  share,
);

function specOf(recipe: RegularizerRecipe): RegularizerSpec {
  return {create: () => createRegularizers([recipe])[0]!, fixture: 'composite', epochs: 4};
}

/** Early stopping as it comes. The second epoch is the best, so that it is left with other weights than the last. */
function beside(): readonly Regularizer[] {
  return [earlyStopping(), worseFromThirdEpoch];
}

const worseFromThirdEpoch: Regularizer = {
  name: 'worse',
  scalars: ({epoch}) => ({sign: epoch > 2 ? -1 : 1}),
  gradients: (gradients, {scalars}) => mapValues(gradients, (gradient) => tf.mul(gradient, scalars['sign']!)),
};

describe('graceful stops under early stopping', () => {
  test.each(chosen)('$name', ({name, example}) =>
    checkStops(specOf({name, ...(needed[name] ?? example)}), {beside}),
  );
});
