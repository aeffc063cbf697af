// Node only: result files.
import {readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import type {Cell, Comparison} from '../compare.ts';
import {writeWhole} from '../files.ts';
import type {ComparisonRow} from '../report/rows.ts';

/** A comparison as it is saved. */
export interface ComparisonFile {
  readonly format: 'regularizers-lab comparison 1';
  readonly comparison: Comparison;
  readonly backend: string;
  readonly rows: readonly ComparisonRow[];
  readonly cells: readonly Cell[];
}

/** Where the files of one name are. */
export interface ResultPaths {
  readonly json: string;
  readonly html: string;
  /** The finished runs of a comparison that is not. */
  readonly partial: string;
}

/** The files of one name; what a file system may not like in it becomes a dash. */
export function resultPaths(folder: string, name: string): ResultPaths {
  const stem = name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '') || 'result';
  const path = (suffix: string): string => join(folder, `${stem}${suffix}`);
  return {json: path('.json'), html: path('.html'), partial: path('.partial.json')};
}

/** Saves JSON whole or not at all. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeWhole(path, `${JSON.stringify(value, null, 1)}\n`);

/** Removes what a finished comparison makes needless. */
export const removePartial = ({partial}: ResultPaths): Promise<void> => rm(partial, {force: true});

/**
 * The finished runs of an interrupted comparison.
 *
 * @throws RegularizerError with code `nothing-to-resume`, `bad-json`, or `other-comparison` where the file is of
 *   another comparison or another backend, whose runs must not be mixed with these
 */
export async function readPartial(
  {partial}: ResultPaths,
  comparison: Comparison,
  backend: string,
): Promise<readonly Cell[]> {
  const saved = parse(await read(partial), partial);
  const same = JSON.stringify(saved.comparison) === JSON.stringify(comparison) && saved.backend === backend;
  if (same) return saved.cells;
  throw new RegularizerError({
    where: 'lab',
    code: 'other-comparison',
    message: `${partial} holds runs of another comparison or backend`,
    hint: 'Give the same options as before, or leave out --resume to begin anew.',
  });
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new RegularizerError({
      where: 'lab',
      code: 'nothing-to-resume',
      message: `there is no ${path} to go on from`,
      hint: 'Leave out --resume.',
      cause,
    });
  }
}

function parse(text: string, path: string): ComparisonFile {
  try {
    return JSON.parse(text) as ComparisonFile;
  } catch (cause) {
    throw new RegularizerError({where: 'lab', code: 'bad-json', message: `${path} is damaged`, cause});
  }
}
