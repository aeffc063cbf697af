import {deriveKey} from '@regularizers/random';
import {messageOf, setUp, sitesOf, stepOf} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {activationNoise, valueWithMultiplicativeNoise, valueWithNormalNoise} from '../src/index.ts';

const sites = sitesOf({layerClass: 'Dense', name: 'a'}, {layerClass: 'Dense', name: 'b'});

describe('activationNoise', () => {
  it('adds noise or multiplies by it, at the chosen sites', async () => {
    expect(setUp(activationNoise({at: 'b'}), {sites}).at).toEqual(['b']);
    const value = tf.fill([2, 4], 3);
    const key = deriveKey(1, 'noise/1');
    const added = activationNoise({at: 'b', sigma: 0.2}).activation!(value, sites[1]!, stepOf(1));
    expect(await added.data()).toEqual(await valueWithNormalNoise(value, key, {sigma: 0.2}).data());
    const multiplied = activationNoise({at: 'b', sigma: 0.2, mode: 'multiplicative'}).activation!(
      value,
      sites[1]!,
      stepOf(1),
    );
    expect(await multiplied.data()).toEqual(
      await valueWithMultiplicativeNoise(value, key, {sigma: 0.2}).data(),
    );
  });

  it('is idle at 0, and refuses nonsense', () => {
    expect(setUp(activationNoise({at: 'a', sigma: 0}), {sites})).toEqual({idle: true});
    expect(messageOf(() => activationNoise({at: 'a', sigma: -1}))).toMatch(
      /sigma must be in \[0, ∞\); received -1/,
    );
    // @ts-expect-error: no such mode
    expect(messageOf(() => activationNoise({at: 'a', mode: 'both'}))).toMatch(/mode must be one of additive/);
    // @ts-expect-error: where has no default
    expect(messageOf(() => activationNoise({}))).toMatch(/at must be a name/);
    expect(messageOf(() => setUp(activationNoise({at: 'c'}), {sites}))).toMatch(/at: "c" selects nothing/);
  });
});
