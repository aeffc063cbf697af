import {sameShape} from '../../lib/shapes.ts';
import {inputsOf} from '../inputs.ts';
import {composed, type Replacement} from './compose.ts';

/**
 * PReLU, for any slopes that broadcast. tfjs's kernel on wasm repeats the slopes as they lie in the memory, which is
 * right where they are of the last axes, and wrong where one is shared along a later axis than the first that has its
 * own: PReLU with `sharedAxes`.
 */
export const prelu: Replacement = (stock) =>
  composed((inputs, _, run) => {
    const {x, alpha} = inputsOf(inputs, 'x', 'alpha');
    if (isOfLastAxes(alpha.shape, x.shape)) return run(stock, {x, alpha});
    const zero = run('Fill', {}, {shape: [], value: 0, dtype: x.dtype});
    const above = run('Maximum', {a: x, b: zero});
    const below = run('Minimum', {a: x, b: zero});
    return run('Add', {a: above, b: run('Multiply', {a: below, b: alpha})});
  });

function isOfLastAxes(slopes: readonly number[], value: readonly number[]): boolean {
  if (slopes.length > value.length || value.includes(0)) return false;
  const first = slopes.findIndex((size) => size !== 1);
  const own = first < 0 ? [] : slopes.slice(first);
  return sameShape(own, value.slice(value.length - own.length));
}
