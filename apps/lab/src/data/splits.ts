import type {Split, SplitName} from './data-set.ts';

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

/** The splits of a data set whose classes come in turn; `inputsOf` makes a split's inputs of the labels. */
export const classSplits = (
  sizes: SplitSizes,
  classes: number,
  inputsOf: (part: SplitName, labels: Int32Array) => Float32Array,
): Readonly<Record<SplitName, Split<Int32Array>>> =>
  splitsOf(sizes, (part, size) => {
    const y = Int32Array.from({length: size}, (_, example) => example % classes);
    return {size, x: inputsOf(part, y), y};
  });
