import type {Change, Trainer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type DataSet, sizeOf} from '../data/data-set.ts';
import type {KeptLook} from './look.ts';

const examples = 12;
const most = {columns: 64, tiles: 8} as const;

/**
 * What plugins leave of values and weights on their way through the model: which elements they set to zero that were not
 * zero before. Of what sets none to zero, nothing.
 */
export async function keptBy(trainer: Pick<Trainer, 'changes'>, data: DataSet): Promise<readonly KeptLook[]> {
  const {train, inputShape} = data;
  const count = Math.min(train.size, examples);
  const x = tf.tensor(train.x.slice(0, count * sizeOf(inputShape)), [count, ...inputShape]);
  const changes = await trainer.changes(x);
  x.dispose();
  const looks: KeptLook[] = [];
  for (const change of changes) looks.push(await keptOf(change));
  return looks.filter(({portion}) => portion < 1);
}

async function keptOf({plugin, at, before, after}: Change): Promise<KeptLook> {
  const [was, is] = [await before.data(), await after.data()];
  const shape = [...before.shape];
  tf.dispose([before, after]);
  const cells = Uint8Array.from(was, (value, index) => (value === 0 ? 2 : is[index] === 0 ? 0 : 1));
  const kept = cells.reduce((sum, cell) => sum + (cell === 1 ? 1 : 0), 0);
  const silent = cells.reduce((sum, cell) => sum + (cell === 2 ? 1 : 0), 0);
  return {
    plugin,
    at,
    portion: silent === cells.length ? 1 : kept / (cells.length - silent),
    ...tilesOf(cells, shape),
  };
}

/**
 * What can be shown of an array of any rank: of pictures the first example's channels, of sequences the first example, else a
 * row for each example, or for each input of a weight.
 */
function tilesOf(
  cells: Uint8Array,
  shape: readonly number[],
): Pick<KeptLook, 'rows' | 'columns' | 'tiles' | 'cells'> {
  const columns = Math.min(shape.at(-1) ?? 1, most.columns);
  if (shape.length === 4) {
    const [, height = 1, width = 1, channels = 1] = shape;
    const tiles = Math.min(channels, most.tiles);
    const picked = Uint8Array.from({length: tiles * height * width}, (_, at) => {
      const [tile, pixel] = [Math.floor(at / (height * width)), at % (height * width)];
      return cells[pixel * channels + tile]!;
    });
    return {rows: height, columns: width, tiles, cells: picked};
  }
  const units = shape.at(-1) ?? 1;
  const all = shape.length === 3 ? shape[1]! : cells.length / units;
  const rows = Math.min(all, 2 * examples);
  const picked = Uint8Array.from(
    {length: rows * columns},
    (_, at) => cells[Math.floor(at / columns) * units + (at % columns)]!,
  );
  return {rows, columns, tiles: 1, cells: picked};
}
