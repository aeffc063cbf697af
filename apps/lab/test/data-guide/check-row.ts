import {orRefused} from '@regularizers/testing';
import {expect} from 'vitest';
import {isRefused, type Refused, type Row, type Works} from './row.ts';

/** The test of a row: what the guide says of it happens. */
export const checkRow = (row: Row): (() => Promise<void>) =>
  isRefused(row) ? () => checkRefused(row) : orRefused(row.kernels ?? [], () => checkWorks(row));

async function checkWorks({run, sameAs, explained}: Works): Promise<void> {
  const outcome = await run();
  expect(outcome.numbers.length).toBeGreaterThan(0);
  expect(outcome.numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
  if (explained !== undefined) expect(outcome.explained).toContain(explained);
  if (sameAs) expect(outcome.numbers).toEqual((await sameAs.run()).numbers);
}

async function checkRefused({run, code, advice}: Refused): Promise<void> {
  await expect((async () => run())()).rejects.toMatchObject({
    name: 'RegularizerError',
    code,
    message: expect.stringContaining(advice),
  });
}
