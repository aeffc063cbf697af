import {models} from './models.ts';
import {numbers} from './numbers.ts';
import {pictures} from './pictures.ts';
import type {Row} from './row.ts';
import {sequences} from './sequences.ts';
import {splits} from './splits.ts';
import {streams} from './streams.ts';

/** The sections of docs/guides/data.md. */
export const groups = {numbers, pictures, sequences, streams, splits, models} satisfies Readonly<
  Record<string, readonly Row[]>
>;
