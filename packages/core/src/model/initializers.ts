import {hostNormal, hostUniform, type KeyPair} from '@regularizers/random';
import {RegularizerError} from '../lib/errors.ts';
import type {Configured} from './walk.ts';

/** What a weight's first value is drawn from. */
export interface InitializerRequest {
  readonly weight: string;
  readonly shape: readonly number[];
  readonly initializer: Configured;
  readonly key: KeyPair;
}

/**
 * A weight's first value, drawn on the host from a key by the formula of the layer's own initializer (the
 * seeds of tfjs's initializers are not used), so that it has the same bits on every backend.
 *
 * @throws RegularizerError with code `unknown-initializer`
 */
export function initialValue({weight, shape, initializer, key}: InitializerRequest): Float32Array {
  const size = shape.reduce((product, n) => product * n, 1);
  const config = initializer.getConfig();
  const number = (name: string, otherwise: number): number => Number(config[name] ?? otherwise);
  switch (initializer.getClassName()) {
    case 'Zeros':
      return new Float32Array(size);
    case 'Ones':
      return new Float32Array(size).fill(1);
    case 'Constant':
      return new Float32Array(size).fill(number('value', 0));
    case 'Values':
      return Float32Array.from(config['value'] as readonly number[]);
    case 'RandomUniform':
      return uniformBetween(size, key, number('minval', -0.05), number('maxval', 0.05));
    case 'RandomNormal':
      return hostNormal(size, key).map((z) => number('mean', 0) + number('stddev', 0.05) * z);
    case 'TruncatedNormal':
      return truncated(size, key).map((z) => number('mean', 0) + number('stddev', 0.05) * z);
    case 'VarianceScaling':
      return varianceScaling(shape, size, key, config);
    case 'Orthogonal':
      return orthogonal(shape, key, number('gain', 1));
    case 'Identity':
      return identity(shape, number('gain', 1));
    default:
      throw new RegularizerError({
        where: 'trainer',
        code: 'unknown-initializer',
        message: `weight ${weight} has the initializer ${initializer.getClassName()}, which can't be drawn from a seed`,
        hint: "Use one of tfjs's own initializers, or start all members from the model's weights: initialWeights: 'model'.",
      });
  }
}

function uniformBetween(size: number, key: KeyPair, low: number, high: number): Float32Array {
  return hostUniform(size, key).map((u) => low + (high - low) * u);
}

/** Standard normals within two standard deviations: those outside are passed over. */
function truncated(size: number, key: KeyPair): Float32Array {
  const kept = new Float32Array(size);
  // 4.55% are passed over; a prefix of a longer stream is the shorter one, so trying again longer is exact.
  for (let tried = Math.ceil(size * 1.1) + 64; ; tried *= 2) {
    let count = 0;
    for (const z of hostNormal(tried, key)) {
      if (Math.abs(z) <= 2 && count < size) kept[count++] = z;
    }
    if (count === size) return kept;
  }
}

function varianceScaling(
  shape: readonly number[],
  size: number,
  key: KeyPair,
  config: Readonly<Record<string, unknown>>,
): Float32Array {
  const [fanIn, fanOut] = fans(shape);
  const mode = String(config['mode']);
  const fan = mode === 'fanIn' ? fanIn : mode === 'fanOut' ? fanOut : (fanIn + fanOut) / 2;
  const scale = Number(config['scale'] ?? 1) / Math.max(1, fan);
  if (config['distribution'] === 'normal') {
    const deviation = Math.sqrt(scale);
    return truncated(size, key).map((z) => deviation * z);
  }
  const limit = Math.sqrt(3 * scale);
  return uniformBetween(size, key, -limit, limit);
}

/** Glorot & Bengio 2010: a convolution's receptive field counts in both fans. */
export function fans(shape: readonly number[]): [number, number] {
  if (shape.length < 2) {
    const n = shape[0] ?? 1;
    return [n, n];
  }
  const field = shape.slice(0, -2).reduce((product, n) => product * n, 1);
  return [field * (shape.at(-2) ?? 1), field * (shape.at(-1) ?? 1)];
}

/** Saxe 2014: the rows (or columns, whichever are fewer) of a normal matrix, made orthonormal in float64. */
function orthogonal(shape: readonly number[], key: KeyPair, gain: number): Float32Array {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const normals = hostNormal(count * length, key);
  const basis: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const vector = Float64Array.from(normals.subarray(i * length, (i + 1) * length));
    // Twice is enough: one pass leaves rounding errors that the second removes.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        const along = dot(vector, other);
        for (let j = 0; j < length; j++) vector[j]! -= along * other[j]!;
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    basis.push(vector.map((v) => v / norm));
  }
  const value = new Float32Array(rows * columns);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < length; j++) {
      const at = rows < columns ? i * columns + j : j * columns + i;
      value[at] = gain * basis[i]![j]!;
    }
  }
  return value;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function identity(shape: readonly number[], gain: number): Float32Array {
  const [rows = 1, columns = 1] = shape;
  const value = new Float32Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) value[i * columns + i] = gain;
  return value;
}
