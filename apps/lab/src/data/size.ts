import type {Recipe} from '../recipe-options.ts';
import {type DataKind, type DataSet, sizeOf} from './data-set.ts';
import {embeddedSizes, isEmbedded} from './embedded/index.ts';
import {isOwn} from './own/options.ts';
import {splitSizes} from './own/split-rows.ts';
import {shapes} from './toys.ts';

/** How large a data set is, known before it is made. */
export interface DataSize {
  readonly kind: Exclude<DataKind, 'autoencoding'>;
  /** Of all three splits. */
  readonly examples: number;
  readonly inputShape: readonly number[];
  /** Classes, or values in one target. */
  readonly outputs: number;
}

/** Of MNIST's files. Another set in their format that is larger is on the user's disk, not in a recipe. */
const mnistFiles = {training: 60_000, test: 10_000, side: 28, classes: 10} as const;

/**
 * What a recipe's data will take, without making it; undefined for files of the user's, of which that is known when they
 * are read: see {@link sizeOfData}.
 *
 * @param data a parsed recipe's data
 */
export function dataSize(data: Recipe['data']): DataSize | undefined {
  if (isOwn(data)) return undefined;
  if (isEmbedded(data)) {
    const {examples, ...size} = embeddedSizes[data.name];
    const {train, validation, test} = splitSizes(examples, data, data.name);
    return {
      ...size,
      kind: data.name === 'diabetes' ? 'regression' : 'classification',
      examples: train + validation + test,
    };
  }
  const {train = mnistFiles.training, validation, test = mnistFiles.test} = data;
  const classes = (inputShape: readonly number[], outputs: number): DataSize => ({
    kind: 'classification',
    examples: train + validation + test,
    inputShape,
    outputs,
  });
  switch (data.name) {
    case 'glyphs':
      return classes([28, 28, 1], data.classes);
    case 'mnist':
      return classes([mnistFiles.side, mnistFiles.side, 1], mnistFiles.classes);
    case 'gestures':
      return classes([data.steps, 2], data.classes);
    case 'wave':
      return {...classes([1], 1), kind: 'regression'};
    case 'adding':
      return {...classes([data.steps, 2], 1), kind: 'regression'};
    default:
      return classes([2], shapes[data.name].classes);
  }
}

/** What data takes that is there. */
export const sizeOfData = (data: DataSet): DataSize => ({
  kind: data.kind === 'classification' ? 'classification' : 'regression',
  examples: data.train.size + data.validation.size + data.test.size,
  inputShape: data.inputShape,
  outputs: data.kind === 'classification' ? data.classes : sizeOf(data.targetShape),
});

/** Numbers in the inputs and targets of one example. */
export const valuesPerExample = ({kind, inputShape, outputs}: DataSize): number =>
  sizeOf(inputShape) + (kind === 'classification' ? 1 : outputs);
