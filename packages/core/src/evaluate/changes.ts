import * as tf from '@tensorflow/tfjs-core';
import {examplesIn, type Rows, slicedRows} from '../data/rows.ts';
import {zip} from '../lib/zip.ts';
import {withEscape} from '../step/escape.ts';
import type {Change} from '../step/pass-hooks.ts';
import {noisyPass, type WeightSet} from './evaluate.ts';
import {isNoisy} from './passes.ts';

/**
 * What the plugins' `weights` and `activation` hooks change in one pass of all examples, in the order in which they do.
 *
 * @param counter says what is drawn: the same draws the same
 */
export function changesIn(set: WeightSet, inputs: readonly Rows[], counter: number): readonly Change[] {
  if (!isNoisy(set.program)) return [];
  return withEscape((letOut) => {
    const found: Change[] = [];
    // Copies, which cost nothing: the values themselves may be weights or inputs, which are not ours to hand over.
    const onChange = ({before, after, ...where}: Change): void => {
      found.push({...where, before: letOut(tf.clone(before)), after: letOut(tf.clone(after))});
    };
    tf.tidy(() => {
      const ports = set.program.adapter.inputs;
      const rows = zip(inputs, ports).map(([x, {dtype}]) => slicedRows(x, 0, examplesIn(inputs), dtype));
      noisyPass(set, {inputs: rows, withoutActivation: new Set()}, counter, onChange);
    });
    return found;
  });
}
