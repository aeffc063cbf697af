// A data set beyond the largest texture: a sentence before a tensor is made, and not tfjs's words in the middle.
import * as tf from '@tensorflow/tfjs-core';
import {afterEach, expect, test} from 'vitest';
import {makeData} from '../src/data/catalog.ts';
import {parseRecipe} from '../src/recipe.ts';
import {runRecipe} from '../src/run.ts';

const largest = tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE');
afterEach(() => tf.env().set('WEBGL_MAX_TEXTURE_SIZE', largest));

test.each(['train', 'validation', 'test'])(
  '%s that no texture holds is refused before anything is made',
  async (split) => {
    const sizes = {train: 20, validation: 20, test: 20, [split]: 700};
    const recipe = parseRecipe({
      data: {name: 'moons', ...sizes},
      model: {name: 'mlp', hidden: [4]},
      epochs: 1,
    });
    const data = await makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))});
    const {numTensors} = tf.memory();
    tf.env().set('WEBGL_MAX_TEXTURE_SIZE', 36);
    await expect(runRecipe(recipe, {data})).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining(`data.${split} has 1400 numbers in 700 examples`),
      hint: expect.stringContaining(`Lower data.${split} to at most 648`),
    });
    expect(tf.memory().numTensors).toBe(numTensors);
  },
);
