import type * as tf from '@tensorflow/tfjs-core';
import {inputsOf} from '../inputs.ts';
import {composed, type Replacement} from './compose.ts';

/**
 * One-hot of any type; a number outside of the classes has a row without a one. tfjs's kernel writes whole numbers of
 * 32 bits, which are no floats, whatever type it is asked for, and goes by a number without looking at it: a bool's are
 * written over the end of what there is room for, and one outside of the classes to where it would have been.
 */
export const oneHot: Replacement = () =>
  composed((inputs, attrs, run) => {
    const {indices} = inputsOf(inputs, 'indices');
    const {depth, dtype, onValue, offValue} = attrs as unknown as tf.OneHotAttrs;
    const numbers = run('Reshape', {x: indices}, {shape: [...indices.shape, 1]});
    const classes = run('Range', {}, {start: 0, stop: depth, step: 1, dtype: 'int32'});
    const isHot = run('Equal', {a: numbers, b: classes});
    if (onValue === 1 && offValue === 0) return run('Cast', {x: isHot}, {dtype});
    // Select moves 32 bits for each number, also of those that have one byte.
    const wide = dtype === 'bool' ? 'int32' : dtype;
    const filled = (value: number) => run('Fill', {}, {shape: isHot.shape, value, dtype: wide});
    const selected = run('Select', {condition: isHot, t: filled(onValue), e: filled(offValue)});
    return run('Cast', {x: selected}, {dtype});
  });
