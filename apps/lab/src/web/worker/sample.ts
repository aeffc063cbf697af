import type {DataSet} from '../../data/data-set.ts';
import type {Fed} from './fed.ts';
import type {Sample} from './protocol.ts';

const most = {pictures: 24, points: 400, sequences: 6} as const;

/**
 * The first training examples, as much as a glance takes in.
 *
 * @param fed pictures to show instead, with what becomes of them before the network gets them
 */
export function sampleOf(data: DataSet, fed?: Fed): Sample {
  const {x, y, size} = data.train;
  const [first = 1, second = 1, depth = 1] = data.inputShape;
  if (data.inputShape.length === 3) {
    const count = fed?.count ?? Math.min(size, most.pictures);
    const channels = depth === 3 ? 3 : 1;
    const pixelsOf = (values: Float32Array): Uint8Array =>
      Uint8Array.from(
        new Uint8ClampedArray(
          Array.from(
            {length: count * first * second * channels},
            (_, at) => 255 * values[Math.floor(at / channels) * depth + (at % channels)]!,
          ),
        ),
      );
    const pixels = pixelsOf(fed?.before ?? x);
    const changed = fed ? {fed: pixelsOf(fed.after)} : {};
    return {
      kind: 'pictures',
      height: first,
      width: second,
      channels,
      pixels,
      labels: labelsOf(data, count),
      ...changed,
    };
  }
  if (data.inputShape.length === 2) {
    const length = first * second;
    const count = Math.min(size, most.sequences);
    const sequences = Array.from({length: count}, (_, at) => x.slice(at * length, (at + 1) * length));
    return {kind: 'sequences', channels: second, sequences};
  }
  const count = Math.min(size, most.points);
  // Of more inputs the first two are shown, or the first one.
  const input = (index: number) => Float32Array.from({length: count}, (_, at) => x[at * first + index]!);
  if (data.kind === 'classification' && first >= 2) {
    const [across, up] = [input(0), input(1)];
    const points = Float32Array.from({length: 2 * count}, (_, at) => (at % 2 ? up : across)[at >> 1]!);
    return {kind: 'points', points, labels: Int32Array.from(y.slice(0, count))};
  }
  return {kind: 'curve', x: input(0), y: Float32Array.from(y.slice(0, count))};
}

function labelsOf(data: DataSet, count: number): readonly string[] {
  if (data.kind !== 'classification') return [];
  return Array.from(data.train.y.slice(0, count), (label) => data.classNames[label] ?? String(label));
}
