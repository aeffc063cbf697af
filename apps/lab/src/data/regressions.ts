import {advance, deriveKey, hostIntegers, hostNormal, hostUniform} from '@regularizers/random';
import {z} from 'zod';
import {dataSeed, exampleCount, parseOptions} from '../options.ts';
import type {Split, SplitName, ValuesData} from './data-set.ts';
import {splitsOf} from './splits.ts';

/** Options of {@link wave}. */
export const waveSchema = z.strictObject({
  name: z.literal('wave').default('wave'),
  train: exampleCount.default(30),
  validation: exampleCount.default(100),
  test: exampleCount.default(500),
  /** Standard deviation of the noise on the training and validation targets. */
  noise: z.number().min(0).max(2).default(0.25),
  seed: dataSeed.default(0),
});

/** Options of {@link wave}, defaults left out. */
export type WaveOptions = z.input<typeof waveSchema>;

/**
 * The textbook's picture of overfitting: y = sin(πx) + noise, x in [-1, 1], few points. Test targets have no noise.
 *
 * @throws RegularizerError with code `bad-option`
 */
export function wave(options: WaveOptions = {}): ValuesData {
  const {noise, seed, ...sizes} = parseOptions('wave', waveSchema, options);
  const split = (part: SplitName, size: number): Split<Float32Array> => {
    const x = hostUniform(size, deriveKey(seed, 'wave', part, 'x'), {min: -1, max: 1});
    const errors = hostNormal(size, deriveKey(seed, 'wave', part, 'noise'), {
      sigma: part === 'test' ? 0 : noise,
    });
    return {size, x, y: x.map((at, example) => Math.sin(Math.PI * at) + errors[example]!)};
  };
  return {
    name: 'wave',
    description: 'One period of a sine wave, seen through a few noisy points.',
    kind: 'regression',
    inputShape: [1],
    targetShape: [1],
    ...splitsOf(sizes, split),
  };
}

/** Options of {@link adding}. */
export const addingSchema = z.strictObject({
  name: z.literal('adding').default('adding'),
  train: exampleCount.default(500),
  validation: exampleCount.default(300),
  test: exampleCount.default(1000),
  steps: z.int().min(4).max(200).default(20),
  seed: dataSeed.default(0),
});

/** Options of {@link adding}, defaults left out. */
export type AddingOptions = z.input<typeof addingSchema>;

/**
 * The adding problem: a sequence of numbers in [0, 1), two of them marked, one in each half; the target is the sum of
 * the two. Always answering 1 has a mean squared error of 1/6.
 *
 * From S. Hochreiter and J. Schmidhuber, Long Short-Term Memory, Neural Computation 9(8), 1997, section 5.4.
 *
 * @throws RegularizerError with code `bad-option`
 */
export function adding(options: AddingOptions = {}): ValuesData {
  const {steps, seed, ...sizes} = parseOptions('adding', addingSchema, options);
  const half = Math.floor(steps / 2);
  const split = (part: SplitName, size: number): Split<Float32Array> => {
    const numbers = hostUniform(size * steps, deriveKey(seed, 'adding', part, 'numbers'));
    const places = deriveKey(seed, 'adding', part, 'places');
    const x = new Float32Array(size * steps * 2);
    const y = new Float32Array(size);
    numbers.forEach((number, at) => {
      x[2 * at] = number;
    });
    for (let example = 0; example < size; example++) {
      const [early] = hostIntegers(1, advance(places, 2 * example), {max: half});
      const [late] = hostIntegers(1, advance(places, 2 * example + 1), {min: half, max: steps});
      for (const step of [early!, late!]) {
        const at = example * steps + step;
        x[2 * at + 1] = 1;
        y[example]! += numbers[at]!;
      }
    }
    return {size, x, y};
  };
  return {
    name: 'adding',
    description: `Sequences of ${steps} numbers; the target is the sum of the two that are marked.`,
    kind: 'regression',
    inputShape: [steps, 2],
    targetShape: [1],
    ...splitsOf(sizes, split),
  };
}
