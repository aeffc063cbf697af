// The table of the guide is what the test of it runs.
import {readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {inFit, inTrainer} from './support/from-model-fit.ts';

test('docs/guides/from-model-fit.md has each line, and no other', async () => {
  const guide = await readFile(new URL('../../../docs/guides/from-model-fit.md', import.meta.url), 'utf8');
  // The rest is run by the test of that package.
  const part = guide.slice(0, guide.indexOf('## Early stopping'));
  const rows = [...part.matchAll(/^\| `(.+?)` +\| `(.+?)` +\|$/gm)].map(([, theirs, ours]) => [theirs, ours]);
  expect(rows).toEqual([...inTrainer, ...inFit]);
});
