import {type DataSet, gatherRows, type Split, sizeOf} from '../data-set.ts';
import type {ExamplesEncoding} from '../encoding.ts';
import type {SplitSizes} from '../splits.ts';
import type {SplitOptions} from './options.ts';
import {splitRows, splitSizes, tenths} from './split-rows.ts';
import {fitTarget, type Targets} from './target.ts';

/** What is taken from values, and what they are then divided by: for all, or for each along the last axis. */
export type Scaling = Pick<ExamplesEncoding, 'mean' | 'deviation'>;

/** Examples that are numbers already, all of one shape. */
export interface Examples {
  /** What they are from, for messages. */
  readonly file: string;
  readonly kind: ExamplesEncoding['kind'];
  readonly description: string;
  readonly shape: readonly number[];
  /** `[count, ...shape]`, row by row. */
  readonly values: Float32Array | Uint8Array;
  /** How values are scaled, by the training examples alone. */
  readonly scalingOf: (rows: Int32Array) => Scaling;
  /** What a person calls what is predicted. */
  readonly target: string;
  readonly targets: Targets;
  readonly options: SplitOptions;
}

/** Examples as data to learn from, cut into three parts and scaled. */
export function examplesData(
  name: string,
  {file, kind, description, shape, values, scalingOf, target, targets, options}: Examples,
): {readonly data: DataSet; readonly sizes: SplitSizes} {
  const sizes = splitSizes(targets.values.length, options, file);
  const isClasses = targets.task === 'classification';
  const rows = splitRows(isClasses ? targets.values : tenths(targets.values), sizes, options);
  const scaling = scalingOf(rows.train);
  const encoded = fitTarget(file, target, targets, rows.train);
  const stride = sizeOf(shape);
  const split = <Values>(of: Int32Array, targetsOf: (rows: Int32Array) => Values): Split<Values> => ({
    size: of.length,
    x: scaled(gatherRows(values, stride, of), scaling),
    y: targetsOf(of),
  });
  const splits = <Values>(of: (rows: Int32Array) => Values) => ({
    train: split(rows.train, of),
    validation: split(rows.validation, of),
    test: split(rows.test, of),
  });
  const encoding: ExamplesEncoding = {kind, shape, ...scaling, target: encoded};
  const common = {name, description, inputShape: shape, encoding};
  const data: DataSet =
    encoded.use === 'classes'
      ? {
          ...common,
          kind: 'classification',
          classes: encoded.classes.length,
          classNames: encoded.classes,
          ...splits((of) => Int32Array.from(of, (row) => targets.values[row]!)),
        }
      : {
          ...common,
          kind: 'regression',
          targetShape: [1],
          ...splits((of) =>
            Float32Array.from(of, (row) => (targets.values[row]! - encoded.mean) / encoded.deviation),
          ),
        };
  return {data, sizes};
}

function scaled(values: Float32Array, {mean, deviation}: Scaling): Float32Array {
  const {length} = mean;
  for (let at = 0; at < values.length; at++) {
    const feature = at % length;
    values[at] = (values[at]! - mean[feature]!) / deviation[feature]!;
  }
  return values;
}
