// XNNPACK makes a number of NaN where it clamps, which would hide that training has come to nothing.
import {composed, type Replacement} from './compose.ts';

/** Numbers within bounds; NaN stays NaN. */
export const clipByValue: Replacement = () =>
  composed(({x}, {clipValueMin, clipValueMax}, run) => {
    const bound = (value: unknown) => run('Fill', {}, {shape: [], value: value as number, dtype: x!.dtype});
    const above = run('Maximum', {a: x!, b: bound(clipValueMin)});
    return run('Minimum', {a: above, b: bound(clipValueMax)});
  });

/** min(max(x, 0), 6); NaN stays NaN. */
export const relu6: Replacement = () =>
  composed(({x}, _, run) => {
    const six = run('Fill', {}, {shape: [], value: 6, dtype: x!.dtype});
    return run('Minimum', {a: run('Relu', {x: x!}), b: six});
  });
