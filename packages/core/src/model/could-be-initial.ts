import {fans} from './initializers.ts';
import type {Configured} from './walk.ts';

/** Room for rounding, also of half precision, at the edge of a distribution. */
const slack = 1.01;

/**
 * Whether an initializer could have given these values, as far as it can be told from one draw: constants are exact,
 * uniform and truncated distributions have an edge, and all else may be anything. So a weight that has been trained
 * may pass, but none that is new fails.
 */
export function couldBeInitial(
  values: ArrayLike<number>,
  shape: readonly number[],
  initializer: Configured,
): boolean {
  const config = initializer.getConfig();
  const number = (name: string, otherwise: number): number => Number(config[name] ?? otherwise);
  const each = (fits: (value: number, i: number) => boolean): boolean => Array.from(values).every(fits);
  const within = (center: number, radius: number): boolean =>
    each((value) => Math.abs(value - center) <= radius * slack);
  switch (initializer.getClassName()) {
    case 'Zeros':
      return within(0, 0);
    case 'Ones':
      return within(1, 0);
    case 'Constant':
      return within(Math.fround(number('value', 0)), 0);
    case 'Values': {
      const expected = config['value'] as readonly number[];
      return each((value, i) => value === expected[i]);
    }
    case 'RandomUniform': {
      const [low, high] = [number('minval', -0.05), number('maxval', 0.05)];
      return within((low + high) / 2, (high - low) / 2);
    }
    case 'TruncatedNormal':
      return within(number('mean', 0), 2 * number('stddev', 0.05));
    case 'VarianceScaling': {
      const [fanIn, fanOut] = fans(shape);
      const mode = String(config['mode']);
      const fan = mode === 'fanIn' ? fanIn : mode === 'fanOut' ? fanOut : (fanIn + fanOut) / 2;
      const deviation = Math.sqrt(number('scale', 1) / Math.max(1, fan));
      return within(0, deviation * (config['distribution'] === 'normal' ? 2 : Math.sqrt(3)));
    }
    case 'Orthogonal':
    case 'Identity':
      return within(0, Math.abs(number('gain', 1)));
    default:
      return true;
  }
}
