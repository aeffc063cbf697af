// docs/guides/data.md: each kind of data and models works, or is refused with the advice that is written there.
import {describe, test} from 'vitest';
import {checkRow} from './check-row.ts';
import {groups} from './groups.ts';

describe.each(Object.entries(groups))('%s', (_, rows) => {
  for (const row of rows) test(row.what, checkRow(row));
});
