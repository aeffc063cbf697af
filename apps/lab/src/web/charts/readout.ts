import {formatMeasure} from '../../report/rows.ts';
import {align, type Line, type Quantity} from './series.ts';

/**
 * The numbers of the latest row at an epoch, in a line: of several seeds or members their means.
 *
 * @param position which of the epochs, or the last one
 */
export function readoutText(
  lines: readonly Line[],
  quantity: Quantity,
  position: number | undefined,
): string {
  const newest = lines.filter(({isLatest, side}) => isLatest && side !== 'evaluated');
  const [epochs] = align(position === undefined ? newest : lines);
  const epoch = position === undefined ? epochs.at(-1) : epochs[position];
  if (epoch === undefined) return 'No curves yet.';
  const values = newest.flatMap(({side, points}) => {
    const value = new Map(points).get(epoch);
    return value === undefined ? [] : [`${side} ${formatMeasure(value, quantity)}`];
  });
  return values.length === 0 ? `Epoch ${epoch}` : `Epoch ${epoch}: ${values.join(', ')}`;
}
