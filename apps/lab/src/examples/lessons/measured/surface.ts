import type {Trainer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {ClassificationData} from '../../../data/data-set.ts';
import type {Picture, Tile} from '../../../report/picture.ts';

/** Cells along each side. */
const cells = 28;

/** How sure a model of two classes is of each, over the plane, with the points that it was trained on. */
export async function surfaceOf(
  trainer: Pick<Trainer, 'predict'>,
  {train}: ClassificationData,
  label: string,
): Promise<Tile> {
  const [across, up] = [0, 1].map((axis) => rangeOf(train.x.filter((_, i) => i % 2 === axis)));
  const grid = Array.from({length: cells ** 2}, (_, i) => [
    across!.low + (((i % cells) + 0.5) / cells) * across!.length,
    // The first row is the highest.
    up!.low + up!.length - ((Math.floor(i / cells) + 0.5) / cells) * up!.length,
  ]);
  const sure = await sureOfSecond(trainer, Float32Array.from([...grid.flat(), ...train.x]));
  const points = Array.from({length: train.size}, (_, i) => {
    const isSecond = train.y[i] === 1;
    return {
      column: rounded((cells * (train.x[2 * i]! - across!.low)) / across!.length),
      row: rounded(cells - (cells * (train.x[2 * i + 1]! - up!.low)) / up!.length),
      group: isSecond ? 'second' : 'first',
      isMissed: sure[grid.length + i]! > 0.5 !== isSecond,
    } as const;
  });
  return {
    label,
    rows: cells,
    columns: cells,
    values: sure.slice(0, grid.length).map((one) => rounded(1 - 2 * one)),
    points,
  };
}

/** Surfaces beside each other. */
export const surfacesPicture = (title: string, description: string, tiles: readonly Tile[]): Picture => ({
  kind: 'tiles',
  title,
  description: `${description} Ringed: points whose label the network does not say.`,
  perRow: tiles.length,
  reach: 1,
  heat: 'groups',
  tiles,
});

async function sureOfSecond(
  trainer: Pick<Trainer, 'predict'>,
  points: Float32Array,
): Promise<readonly number[]> {
  const x = tf.tensor2d(points, [points.length / 2, 2]);
  const output = trainer.predict(x) as tf.Tensor;
  const values = await output.data();
  tf.dispose([x, output]);
  return Array.from(values).filter((_, i) => i % 2 === 1);
}

/** Of the points, and a little around them. */
function rangeOf(values: Float32Array): {readonly low: number; readonly length: number} {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.08 * (high - low);
  return {low: low - margin, length: high - low + 2 * margin};
}

/** Results are kept and sent: a hundredth is more than anybody sees. */
const rounded = (value: number): number => Math.round(100 * value) / 100;
