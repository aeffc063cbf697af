import {RegularizerError} from '@regularizers/core';
import {deriveKey, hostPermutation, type KeyPair} from '@regularizers/random';
import type {SplitName} from '../data-set.ts';
import type {SplitSizes} from '../splits.ts';
import type {SplitOptions} from './options.ts';

/** The examples of each part, by position. */
export type SplitRows = Readonly<Record<SplitName, Int32Array>>;

/**
 * Cuts examples into training, validation and test, each with every stratum in the proportion that all of them have.
 *
 * They are put in one order, in which each stratum is spread out evenly; the first are the test set, then come
 * validation and training. So a smaller training set is the beginning of a larger one, folds share the test set, and
 * the only example of a class is one to train on.
 *
 * @param strata what to keep in proportion, such as the class of each example
 * @param sizes as `splitSizes` gives them
 */
export function splitRows(
  strata: ArrayLike<number>,
  {train, validation, test}: SplitSizes,
  {folds, fold = 0, seed}: SplitOptions,
): SplitRows {
  const order = spreadOut(strata, deriveKey(seed, 'own data', 'split'));
  const judged = order.slice(0, test);
  if (folds === undefined) {
    const chosen = order.slice(test, test + validation);
    return {
      train: order.slice(test + validation, test + validation + train),
      validation: chosen,
      test: judged,
    };
  }
  const pool = order.slice(test, test + validation + train);
  const [from, to] = [fold, fold + 1].map((edge) => Math.floor((edge * pool.length) / folds));
  const rest = new Int32Array(pool.length - (to! - from!));
  rest.set(pool.subarray(0, from));
  rest.set(pool.subarray(to), from);
  return {train: rest, validation: pool.slice(from, to), test: judged};
}

/** An order at random in which every piece has each stratum in proportion, to within one example. */
function spreadOut(strata: ArrayLike<number>, key: KeyPair): Int32Array {
  const shuffled = Int32Array.from(hostPermutation(strata.length, key));
  const counts = new Map<number, number>();
  for (const row of shuffled) counts.set(strata[row]!, (counts.get(strata[row]!) ?? 0) + 1);
  const places = new Float64Array(strata.length);
  const seen = new Map<number, number>();
  for (const row of shuffled) {
    const stratum = strata[row]!;
    const before = seen.get(stratum) ?? 0;
    seen.set(stratum, before + 1);
    places[row] = (before + 0.5) / counts.get(stratum)!;
  }
  return shuffled.sort((a, b) => places[a]! - places[b]!); // stable: equal places stay shuffled
}

/**
 * How many examples each part has, where an option doesn't say: a fifth to validate, a fifth to test, the others to train
 * on.
 *
 * @param total how many there are
 * @param file what they are of, for messages
 * @throws RegularizerError with code `too-few-examples`, or `bad-option` for folds that there are not
 */
export function splitSizes(total: number, options: SplitOptions, file: string): SplitSizes {
  const {folds, fold} = options;
  const given = (options.train ?? 0) + (options.validation ?? 0) + (options.test ?? 0);
  const unsaid = [options.train, options.validation, options.test].filter((size) => size === undefined);
  if (given + unsaid.length > total) {
    throw new RegularizerError({
      where: 'data',
      code: 'too-few-examples',
      message: `${file} has ${total} examples to cut into three parts${given > 0 ? `, and ${given} were asked for` : ''}`,
      hint: 'Lower data.train, data.validation or data.test; each part has at least one.',
    });
  }
  const usual = Math.max(1, Math.min(Math.round(total / 5), Math.floor((total - given) / unsaid.length)));
  const {validation = usual, test = usual} = options;
  const train = options.train ?? total - validation - test;
  if (fold !== undefined && fold >= (folds ?? 0)) {
    throw badFolds(
      'fold',
      fold,
      folds === undefined ? 'data.folds is left out' : `there are ${folds}, from 0`,
    );
  }
  if (folds !== undefined && folds > train + validation) {
    throw badFolds(
      'folds',
      folds,
      `there are ${train + validation} examples to train on and to validate with`,
    );
  }
  return {train, validation, test};
}

const badFolds = (option: string, received: number, why: string): RegularizerError =>
  new RegularizerError({
    where: 'data',
    code: 'bad-option',
    message: `${option}: there can be no ${received}, since ${why}`,
    option: `data.${option}`,
    received,
  });

/** Real-valued targets as strata: tenths of them, from the lowest to the highest. */
export function tenths(values: ArrayLike<number>): Int32Array {
  const order = Int32Array.from({length: values.length}, (_, row) => row).sort(
    (a, b) => values[a]! - values[b]!,
  );
  const strata = new Int32Array(values.length);
  order.forEach((row, rank) => {
    strata[row] = Math.floor((10 * rank) / values.length);
  });
  return strata;
}
