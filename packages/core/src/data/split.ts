import {deriveKey, hostPermutation, type KeyPair} from '@regularizers/random';
import {RegularizerError} from '../lib/errors.ts';
import {itemAt} from '../lib/item.ts';
import type {SplitRecord} from '../state/split-record.ts';
import type {CheckedArrays, DataShape} from './data.ts';
import {type Strata, sizesOf, strataOf} from './strata.ts';
import type {Split, ValidationSplit} from './validation-split.ts';

/**
 * Holds out a share of the examples: of the seed and of the classes alone, so that it is the same in every `fit`.
 *
 * @throws RegularizerError with code `too-few-examples`, `no-classes` or `unknown-output`
 */
export async function splitData(
  where: string,
  data: CheckedArrays,
  {split: share, stratify = false}: ValidationSplit,
  shape: DataShape,
  seed: number,
): Promise<{readonly split: Split; readonly record: SplitRecord}> {
  const {examples} = data;
  const strata = await strataOf(where, data, shape, stratify);
  const count = Math.round(share * examples);
  if (count === 0 || count === examples) {
    throw new RegularizerError({
      where,
      code: 'too-few-examples',
      message: `a split of ${share} holds out ${count} of ${examples} examples, and leaves none to ${count === 0 ? 'evaluate' : 'train'} on`,
      hint: 'Pass more examples, or another share.',
      option: 'validation.split',
      received: share,
    });
  }
  if (strata) {
    requireEach(where, strata, 2, 'as many as a split with stratify needs', 'validation.stratify');
  }
  const split = holdOut(examples, count, strata, deriveKey(seed, 'core', 'split'));
  const record = {
    share,
    by: strata?.by ?? [],
    held: split.validation.length,
    of: examples,
    digest: digestOf(split.validation),
  };
  return {split, record};
}

/**
 * Draws examples to hold out. Of a class with n of N examples, they are n·count/N, rounded down or up: the largest
 * remainders are rounded up, the first of equal ones.
 */
export function holdOut(
  examples: number,
  count: number,
  strata: Pick<Strata, 'of' | 'names'> | undefined,
  key: KeyPair,
): Split {
  const all = strata ?? {of: new Int32Array(examples), names: ['all'], by: []};
  const left = shares([...sizesOf({by: [], ...all})], count);
  const isHeld = new Uint8Array(examples);
  for (const example of hostPermutation(examples, key)) {
    const stratum = itemAt(all.of, example);
    const rest = itemAt(left, stratum);
    if (rest === 0) continue;
    left[stratum] = rest - 1;
    isHeld[example] = 1;
  }
  const places = Int32Array.from(isHeld, (_, i) => i);
  return {
    train: places.filter((i) => isHeld[i] === 0),
    validation: places.filter((i) => isHeld[i] === 1),
  };
}

/**
 * Deals examples out to folds, as cards are: classes one after another, each in an order of the key's. Folds differ by
 * one example at the most, in all and of each class.
 *
 * @returns the fold of each example, from 0
 */
export function dealFolds(
  examples: number,
  folds: number,
  strata: Pick<Strata, 'of'> | undefined,
  key: KeyPair,
): Int32Array {
  const order = hostPermutation(examples, key);
  // A stable sort leaves the order within a class to the key.
  if (strata) order.set([...order].sort((a, b) => itemAt(strata.of, a) - itemAt(strata.of, b)));
  const fold = new Int32Array(examples);
  for (const [position, example] of order.entries()) fold[example] = position % folds;
  return fold;
}

/**
 * Makes sure that there are enough examples of each stratum.
 *
 * @param why what the number is, for the message
 * @throws RegularizerError with code `too-few-examples`, naming the stratum
 */
export function requireEach(where: string, strata: Strata, least: number, why: string, option: string): void {
  const sizes = sizesOf(strata);
  const small = sizes.findIndex((size) => size < least);
  const size = sizes[small];
  if (size === undefined) return;
  throw new RegularizerError({
    where,
    code: 'too-few-examples',
    message: `${strata.names[small]} has ${size} example${size === 1 ? '' : 's'}, not ${least}, ${why}`,
    hint:
      strata.by.length > 1
        ? `Add examples, or stratify by one output alone: ${strata.by.join(' or ')}.`
        : 'Add examples, leave the class out, or leave stratify out.',
    option,
  });
}

/** Shares of a whole in proportion to sizes, in integers that add up to it. */
function shares(sizes: readonly number[], whole: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  // In integers, so that equal remainders are equal.
  const parts = sizes.map((size) => {
    const least = Math.floor((size * whole) / total);
    return {least, remainder: size * whole - least * total};
  });
  const left = whole - parts.reduce((sum, {least}) => sum + least, 0);
  const up = new Set(parts.toSorted((a, b) => b.remainder - a.remainder).slice(0, left));
  return parts.map((part) => part.least + (up.has(part) ? 1 : 0));
}

/** FNV-1a over the numbers' bytes. */
function digestOf(indices: Int32Array): number {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
