import {test} from 'vitest';
import {checkRow} from './check-row.ts';
import {datasets} from './datasets.ts';

for (const row of datasets) test(row.what, checkRow(row));
