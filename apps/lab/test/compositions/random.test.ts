// Random lists of techniques: whatever is in one, and in which order, comes to the same, or the list decides by design.
import {checkOrders, isThorough} from '@regularizers/testing';
import fc from 'fast-check';
import {expect, inject, test} from 'vitest';
import {hasTime} from '../../../../vitest/share.ts';
import {entries} from './entries.ts';

const labels = Object.keys(entries);

/** Three to six techniques, twice the same among them now and then, and another order to list them in. */
const composition = fc.array(fc.constantFrom(...labels), {minLength: 3, maxLength: 6}).chain((list) =>
  fc.tuple(
    fc.constant(list),
    fc.shuffledSubarray(
      list.map((_, place) => place),
      {minLength: list.length},
    ),
  ),
);

// wasm is the quickest; a browser without a graphics card takes seconds for each list.
const isWhole = isThorough || inject('backend') === 'wasm';
const numRuns = isWhole ? 150 : hasTime ? 40 : 3;

test('a random list of techniques comes to the same in any order that keeps what is left to the list', {
  timeout: 300_000,
}, async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(composition, async ([list, order]) => {
      const result = await checkOrders(
        list.map((label) => entries[label]!),
        order,
      );
      if (result === 'trained') for (const label of list) seen.set(label, (seen.get(label) ?? 0) + 1);
    }),
    {seed: 8, numRuns},
  );
  if (!isWhole) return;
  // Each was trained beside others, and not just refused.
  expect(labels.filter((label) => !seen.has(label))).toEqual([]);
});
