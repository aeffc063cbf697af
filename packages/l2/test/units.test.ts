import {describe, expect, it} from 'vitest';
import {incomingAxes} from '../src/index.ts';
import {weightInfo} from './drive.ts';

describe('incomingAxes', () => {
  it.each([
    ['dense/kernel', [3, 4], 'Dense', [0]],
    ['lstm/recurrent_kernel', [4, 16], 'LSTMCell', [0]],
    ['conv/kernel', [3, 3, 8, 16], 'Conv2D', [0, 1, 2]],
    ['conv/kernel', [5, 8, 16], 'Conv1D', [0, 1]],
    ['conv/kernel', [3, 3, 16, 8], 'Conv2DTranspose', [0, 1, 3]],
    ['conv/depthwise_kernel', [3, 3, 8, 2], 'DepthwiseConv2D', [0, 1]],
    ['conv/pointwise_kernel', [1, 1, 16, 4], 'SeparableConv2D', [0, 1, 2]],
    ['words/embeddings', [100, 8], 'Embedding', [1]],
    ['dense/bias', [4], 'Dense', [0]],
  ] as const)('%s %j of %s: %j', (name, shape, layerClass, axes) => {
    expect(incomingAxes(weightInfo(name, shape, {layerClass}))).toEqual(axes);
  });
});
