// XNNPACK makes a number of NaN where it clamps, which would hide that training has come to nothing.

import {inputsOf} from '../inputs.ts';
import {composed, type Replacement} from './compose.ts';

/** Numbers within bounds; NaN stays NaN. */
export const clipByValue: Replacement = () =>
  composed((inputs, {clipValueMin, clipValueMax}, run) => {
    const {x} = inputsOf(inputs, 'x');
    const bound = (value: unknown) => run('Fill', {}, {shape: [], value: Number(value), dtype: x.dtype});
    const above = run('Maximum', {a: x, b: bound(clipValueMin)});
    return run('Minimum', {a: above, b: bound(clipValueMax)});
  });

/** min(max(x, 0), 6); NaN stays NaN. */
export const relu6: Replacement = () =>
  composed((inputs, _, run) => {
    const {x} = inputsOf(inputs, 'x');
    const six = run('Fill', {}, {shape: [], value: 6, dtype: x.dtype});
    return run('Minimum', {a: run('Relu', {x}), b: six});
  });
