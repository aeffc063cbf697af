import {advance, deriveKey, hostNormal, hostUniform, type KeyPair} from '@regularizers/random';
import {z} from 'zod';
import {dataSeed, exampleCount, parseOptions} from '../options.ts';
import type {ClassificationData, SplitName} from './data-set.ts';
import {classSplits} from './splits.ts';

/** Options of {@link gestures}. */
export const gesturesSchema = z.strictObject({
  name: z.literal('gestures').default('gestures'),
  train: exampleCount.default(300),
  validation: exampleCount.default(300),
  test: exampleCount.default(1000),
  classes: z.int().min(2).max(20).default(6),
  /** Length of a recording; a gesture takes about a third of it. */
  steps: z.int().min(12).max(200).default(32),
  /** Standard deviation of the noise on a gesture of amplitude 1. */
  noise: z.number().min(0).max(5).default(0.4),
  seed: dataSeed.default(0),
});

/** Options of {@link gestures}, defaults left out. */
export type GesturesOptions = z.input<typeof gesturesSchema>;

const channels = 2;

/**
 * Recordings of two channels in which one of several gestures happens at some time, at some speed, in noise: what a
 * recurrent network has to tell apart.
 *
 * @throws RegularizerError with code `bad-option`
 *
 * @example
 * ```ts
 * const {train, inputShape} = gestures({train: 200}); // inputShape [32, 2]
 * ```
 */
export function gestures(options: GesturesOptions = {}): ClassificationData {
  const parsed = parseOptions('gestures', gesturesSchema, options);
  const {classes, steps, noise, seed} = parsed;
  const motifs = Array.from({length: classes}, (_, label) => randomMotif(deriveKey(seed, 'gestures', label)));
  const record = (part: SplitName, labels: Int32Array): Float32Array => {
    const length = steps * channels;
    const x = hostNormal(labels.length * length, deriveKey(seed, 'gestures', part), {sigma: noise});
    const place = deriveKey(seed, 'gestures', part, 'place');
    labels.forEach((label, example) => {
      const recording = x.subarray(example * length, (example + 1) * length);
      addGesture(recording, steps, motifs[label]!, advance(place, example));
    });
    return x;
  };
  return {
    name: 'gestures',
    description: `Recordings of ${steps} steps and two channels, each with one of ${classes} gestures in noise.`,
    kind: 'classification',
    inputShape: [steps, channels],
    classes,
    classNames: motifs.map((_, label) => `gesture ${label + 1}`),
    ...classSplits(parsed, classes, record),
  };
}

/** Time in [0, 1] to a value per channel. */
type Motif = (time: number) => readonly number[];

/** A smooth curve per channel: three sine waves that are 0 at both ends. */
function randomMotif(key: KeyPair): Motif {
  const weights = hostNormal(3 * channels, key);
  return (time) =>
    Array.from({length: channels}, (_, channel) =>
      [1, 2, 3].reduce(
        (sum, wave) =>
          sum + (weights[3 * channel + wave - 1]! / Math.sqrt(wave)) * Math.sin(Math.PI * wave * time),
        0,
      ),
    );
}

function addGesture(recording: Float32Array, steps: number, motif: Motif, key: KeyPair): void {
  const [u, v, w] = hostUniform(3, key);
  const length = Math.round(steps * (0.25 + 0.2 * u!));
  const start = Math.floor((steps - length + 1) * v!);
  const amplitude = 0.7 + 0.6 * w!;
  for (let step = 0; step < length; step++) {
    motif((step + 0.5) / length).forEach((value, channel) => {
      recording[(start + step) * channels + channel]! += amplitude * value;
    });
  }
}
