// How large packages are: docs/decisions/0034-packages-as-others-get-them.md says what is measured and why so, and
// docs/decisions/0043-rare-paths-are-loaded-when-they-are-taken.md what of core a page loads.

import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {describe, expect, test} from 'vitest';
import {sizeOf, sizeOfPage} from '../src/size.ts';
import {plugins, published, root} from '../src/workspace.ts';

/** What a package of techniques may take, and what any one technique of it may. */
const limit = 8;

/** Whole packages that are larger, with what they may take. */
const larger: Readonly<Record<string, number>> = {
  // Nineteen techniques with their arithmetic, which pages take one by one.
  '@regularizers/augmentation': 13.5,
};

/** Those that are not of techniques. */
const others: Readonly<Record<string, number>> = {
  // All that it exports, in some thirty files: no page loads it all.
  '@regularizers/core': 70,
  '@regularizers/random': 7,
};

describe('a whole package is no larger than', () => {
  test.each(plugins.map((one) => [one.name, larger[one.name] ?? limit, one] as const))(
    '%s: %d kB',
    async (_, most, one) => {
      expect(await sizeOf(one, ['*'])).toBeLessThan(most);
    },
  );

  test.each(Object.entries(others))('%s: %d kB', async (name, most) => {
    expect(await sizeOf(published.find((one) => one.name === name)!, ['*'])).toBeLessThan(most);
  });
});

test.each(Object.keys(larger))('nothing of %s is larger by itself than a package may be', async (name) => {
  const one = plugins.find((each) => each.name === name)!;
  const {techniques, ...rest} = (await import(
    pathToFileURL(join(root, one.folder, one.manifest.exports!['.']!['default']!)).href
  )) as Readonly<Record<string, unknown>> & {readonly techniques: readonly {readonly name: string}[]};
  const names = techniques.map((technique) => technique.name).filter((technique) => technique in rest);
  expect(names.length).toBeGreaterThan(10);
  for (const technique of names) expect(await sizeOf(one, [technique]), technique).toBeLessThan(limit);
});

describe('a page that trains with one plugin on arrays', () => {
  const program = `
    import {adam, createTrainer} from '@regularizers/core';
    import {l2} from '@regularizers/l2';
    globalThis.train = (model, data) =>
      createTrainer({model, loss: 'meanSquaredError', optimizer: adam(), regularizers: [l2()]}).fit(data);
  `;

  test('loads what it runs, and what only others run it does not', async () => {
    const {first, later} = await sizeOfPage(program);
    expect(first).toBeLessThan(59);
    // What is saved, streams, held-out examples, and what some plugins ask for: a file each.
    expect(Object.keys(later).toSorted()).toEqual([
      'changes',
      'could-be-initial',
      'member-checkpoint',
      'out-of-bag',
      'recalibrate',
      'resume',
      'split',
      'standards',
      'strata',
      'stream-evaluation',
      'stream-reader',
      'stream-source',
      'summary',
    ]);
    expect(Object.values(later).reduce((sum, size) => sum + size)).toBeGreaterThan(10);
    for (const [part, size] of Object.entries(later)) expect(size, part).toBeLessThan(2);
  });
});
