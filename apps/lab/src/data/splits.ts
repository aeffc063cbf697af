import {deriveKey} from '@regularizers/random';
import type {Split, SplitName} from './data-set.ts';
import {withLabelNoise} from './subset.ts';

/** How many examples each split has. */
export type SplitSizes = Readonly<Record<SplitName, number>>;

/** The three splits, each made by itself. */
export function splitsOf<Targets>(
  {train, validation, test}: SplitSizes,
  make: (part: SplitName, size: number) => Split<Targets>,
): Readonly<Record<SplitName, Split<Targets>>> {
  return {
    train: make('train', train),
    validation: make('validation', validation),
    test: make('test', test),
  };
}

/** What the splits of made-up classes depend on. */
interface ClassSettings extends SplitSizes {
  /** Share of the training labels that are wrong. */
  readonly labelNoise: number;
  readonly seed: number;
}

/** The splits of a data set whose classes come in turn; `inputsOf` makes a split's inputs of the true labels. */
export function classSplits(
  name: string,
  classes: number,
  {labelNoise, seed, ...sizes}: ClassSettings,
  inputsOf: (part: SplitName, labels: Int32Array) => Float32Array,
): Readonly<Record<SplitName, Split<Int32Array>>> {
  return splitsOf(sizes, (part, size) => {
    const labels = Int32Array.from({length: size}, (_, example) => example % classes);
    const rate = part === 'train' ? labelNoise : 0;
    const y = withLabelNoise(labels, classes, rate, deriveKey(seed, name, 'label noise'));
    return {size, x: inputsOf(part, labels), y};
  });
}
