import type {LossInfo, OutputKind, TargetKind} from '@regularizers/core';
import {expectClose, messageOf, setUp} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {beforeEach, describe, expect, it} from 'vitest';
import {bootstrappedTarget, bootstrapTargets} from '../src/index.ts';
import {trainLinear} from './linear-classifier.ts';
import * as torch from './torch.ts';

const lossOf = (kind: TargetKind, outputs: OutputKind): LossInfo => ({
  name: `the ${kind} loss`,
  kind,
  outputs,
  linear: true,
});

describe('bootstrappedTarget', () => {
  let target: tf.Tensor;
  // Within a test: where this file is the first one, there is no backend before.
  beforeEach(() => {
    target = tf.tensor2d([[1, 0, 0]]);
  });
  const mixed = (
    output: tf.Tensor,
    mode: 'soft' | 'hard',
    kind: TargetKind,
    outputs: OutputKind,
  ): tf.Tensor => bootstrappedTarget(target, output, {beta: 0.8, mode, meaning: {kind, outputs}});

  it('adds the probabilities, or the likeliest class', () => {
    const p = tf.tensor2d([[0.3, 0.6, 0.1]]);
    expectClose(mixed(p, 'soft', 'classes', 'probabilities'), [0.86, 0.12, 0.02]);
    expectClose(mixed(p, 'hard', 'classes', 'probabilities'), [0.8, 0.2, 0]);
  });

  it('reads logits as the loss does', () => {
    const logits = tf.log(tf.tensor2d([[0.3, 0.6, 0.1]]));
    expectClose(mixed(logits, 'soft', 'classes', 'logits'), [0.86, 0.12, 0.02], 'transcendental');
    expectClose(mixed(tf.tensor2d([[-1, 2, 0.1]]), 'hard', 'binary', 'logits'), [0.8, 0.2, 0.2]);
    expectClose(mixed(tf.tensor2d([[0.4, 0.7, 0.1]]), 'hard', 'binary', 'probabilities'), [0.8, 0.2, 0]);
  });
});

describe('bootstrapTargets', () => {
  for (const mode of ['soft', 'hard'] as const) {
    for (const outputs of ['logits', 'probabilities'] as const) {
      it(`trains as PyTorch does: ${mode}, ${outputs}`, async () => {
        const {loss, weights} = await trainLinear([bootstrapTargets({mode, beta: 0.7})], outputs);
        expectClose(loss, torch.bootstrapTargets[mode].loss, 'training');
        expectClose(weights, torch.bootstrapTargets[mode].weights, 'training');
      });
    }
  }

  it('maps every entry of the chosen outputs, with 0.95 by default and 0.8 where hard', () => {
    const outputs = ['a', 'b'].map((name) => ({name, shape: [null, 2]}));
    const losses = [lossOf('classes', 'probabilities'), lossOf('values', 'values')];
    const list = [1, 0].map((one) => ({target: tf.tensor2d([[one, 1 - one]]), weight: 0.5}));
    const values = [tf.tensor2d([[0.4, 0.6]]), tf.tensor2d([[7, 7]])];
    for (const [mode, first] of [
      ['soft', [0.97, 0.03]],
      ['hard', [0.8, 0.2]],
    ] as const) {
      const plugin = bootstrapTargets({mode, outputs: 'a'});
      const {plan} = setUp(plugin, {outputs, losses});
      const step = {plan} as never;
      const [changed, same] = plugin.targets!([list, list], values, step);
      expect(same).toBe(list);
      expect(changed!.map(({weight}) => weight)).toEqual([0.5, 0.5]);
      expectClose(changed![0]!.target, first);
    }
  });

  it('is idle at 1, and refuses regression targets and bad options', () => {
    const outputs = [{name: 'a', shape: [null, 2]}];
    const context = {outputs, losses: [lossOf('values', 'values')]};
    expect(setUp(bootstrapTargets({beta: 1}), context)).toEqual({idle: true});
    expect(messageOf(() => setUp(bootstrapTargets(), context))).toMatch(/targets of a are values/);
    expect(messageOf(() => bootstrapTargets({beta: 1.1}))).toMatch(/beta must be in \[0, 1\]/);
  });
});
