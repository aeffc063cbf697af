import type {Tensors} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import {messageOf, setUp, stepOf, weightOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {dropConnect, droppedValue} from '../src/index.ts';

const weights = [
  weightOf({name: 'a/kernel'}),
  weightOf({name: 'a/bias', shape: [3]}),
  weightOf({name: 'conv/kernel', layerClass: 'Conv2D', shape: [3, 3, 1, 2]}),
  weightOf({name: 'frozen/kernel', role: 'frozen'}),
  weightOf({name: 'b/kernel', shape: [3, 2]}),
  weightOf({name: 'plugin/kernel', owner: 'plugin'}),
];

describe('dropConnect', () => {
  it('takes the trained Dense kernels by default', () => {
    expect(setUp(dropConnect(), {weights}).plan).toEqual(['a/kernel', 'b/kernel']);
  });

  it('lets the model read w·m and passes the rest through', async () => {
    const plugin = dropConnect({rate: 0.25, include: ['a/kernel', 'b/kernel']});
    const {plan} = setUp(plugin, {weights});
    const clean: Tensors = {
      'a/kernel': tf.fill([20, 20], 3),
      'a/bias': tf.ones([3]),
      'b/kernel': tf.ones([20, 20]),
    };
    const read = plugin.weights!(clean, stepOf(2, plan));
    expect(Object.keys(read)).toEqual(['a/kernel', 'b/kernel']);
    // 3/(1 − 0.25) = 4
    expect(new Set(await read['a/kernel']!.data())).toEqual(new Set([0, 4]));
    // Each weight has a mask of its own, the one of its position.
    const mask = droppedValue(tf.ones([20, 20]), deriveKey(2, 'mask/1'), {rate: 0.25});
    expect([...(await read['b/kernel']!.data())]).toEqual([...(await mask.data())]);
    expect((await clean['a/kernel']!.data()).every((w) => w === 3)).toBe(true);
  });

  it('gives the clean weight the masked gradient', async () => {
    const plugin = dropConnect({rate: 0.5, include: '*/kernel'});
    const gradient = tf.grad((w) =>
      tf.sum(tf.square(plugin.weights!({'a/kernel': w}, stepOf(4, ['a/kernel']))['a/kernel']!)),
    )(tf.fill([6, 6], 1.5));
    // d/dw (2w)² = 8w = 12 where kept, 0 where not.
    expect(new Set(await gradient.data())).toEqual(new Set([0, 12]));
  });

  it('comes after weight noise, is idle at rate 0, and refuses nonsense', () => {
    const plugin = dropConnect();
    expect([plugin.tags, plugin.after]).toEqual([['weight-mask'], ['weight-noise']]);
    expect(setUp(dropConnect({rate: 0}), {weights})).toEqual({idle: true});
    expect(messageOf(() => dropConnect({rate: -0.1}))).toBe(
      '[dropConnect] rate must be in [0, 1); received -0.1',
    );
    expect(messageOf(() => setUp(dropConnect({include: 'nowhere'}), {weights}))).toMatch(
      /include: "nowhere"/,
    );
  });
});
