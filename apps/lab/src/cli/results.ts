// Node only: result files.
import {readFile, rm, stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {
  checkWritable,
  fileError,
  makeFolder,
  previousPath,
  sweepDrafts,
  writeWhole,
} from '@regularizers/core/node';
import type {Cell, Comparison} from '../compare.ts';
import type {ComparisonRow, FailureRow} from '../report/rows.ts';
import {claimOutput} from './output-lock.ts';

/** A comparison as it is saved. */
export interface ComparisonFile {
  readonly format: 'regularizers-lab comparison 1';
  readonly comparison: Comparison;
  readonly backend: string;
  readonly rows: readonly ComparisonRow[];
  readonly failures: readonly FailureRow[];
  readonly cells: readonly Cell[];
}

/** Where the files of one name are. */
export interface ResultPaths {
  readonly json: string;
  readonly html: string;
  /** What an interrupted comparison has finished, or what an interrupted run is of. */
  readonly partial: string;
  /** Where an interrupted run goes on. */
  readonly checkpoint: string;
}

/** The files of one name, which nobody else writes meanwhile. */
export interface Output {
  readonly paths: ResultPaths;
  close(): Promise<void>;
}

/** What to do with what an interrupted command has left. */
export interface Interrupted {
  /** Go on with it. */
  readonly resume?: boolean;
  /** Give it up. */
  readonly restart?: boolean;
}

/** The files of one name; what a file system may not like in it becomes a dash. */
export function resultPaths(folder: string, name: string): ResultPaths {
  const path = (suffix: string): string => join(folder, `${stemOf(name)}${suffix}`);
  return {
    json: path('.json'),
    html: path('.html'),
    partial: path('.partial.json'),
    checkpoint: path('.checkpoint.safetensors'),
  };
}

const stemOf = (name: string): string =>
  name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '') || 'result';

/**
 * Makes sure, before anything is trained, that the files of one name can be written and that no other process does so.
 *
 * @throws RegularizerError with code `cannot-write` or `in-use`
 */
export async function openOutput(folder: string, name: string): Promise<Output> {
  const paths = resultPaths(folder, name);
  try {
    await makeFolder(folder);
    await sweepDrafts(folder);
    for (const path of Object.values(paths)) await refuseFolder(path);
    await checkWritable(previousPath(paths.checkpoint)); // the longest name of all
    return {paths, close: await claimOutput(folder, stemOf(name))};
  } catch (error) {
    throw fileError('cannot-write', folder, error);
  }
}

async function refuseFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw fileError('cannot-write', path, {code: 'EISDIR'});
}

/** Saves JSON whole or not at all. */
export const writeJson = (path: string, value: unknown): Promise<void> => writeWhole(path, jsonOf(value));

/** Saves what a command came to; the files of that name that there were are kept, as `….previous.json`. */
export async function writeResults({json, html}: ResultPaths, value: unknown, page: string): Promise<void> {
  await writeWhole(json, jsonOf(value), {previous: basename(previousPath(json))});
  await writeWhole(html, page, {previous: basename(previousPath(html))});
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** Removes what a finished command makes needless, or one that begins anew. */
export async function removeInterrupted({partial, checkpoint}: ResultPaths): Promise<void> {
  for (const path of [checkpoint, previousPath(checkpoint), partial]) await rm(path, {force: true});
}

/**
 * The finished runs of an interrupted comparison.
 *
 * @throws RegularizerError with code `nothing-to-resume`, `bad-json`, or `other-comparison` where the file is of
 *   another comparison or another backend, whose runs must not be mixed with these; `interrupted` where there are some
 *   and nothing was said of them
 */
export async function finishedRuns(
  paths: ResultPaths,
  {resume = false, restart = false}: Interrupted,
  comparison: Comparison,
  backend: string,
): Promise<readonly Cell[]> {
  if (restart) return [];
  if (!resume) {
    const {cells} = await readIfThere<ComparisonFile>(paths.partial, {cells: []});
    if (cells.length > 0) refuseToOverwrite(paths.partial, `${cells.length} finished runs of a comparison`);
    return [];
  }
  const saved = await readJson<ComparisonFile>(paths.partial);
  const same = JSON.stringify(saved.comparison) === JSON.stringify(comparison) && saved.backend === backend;
  if (same && Array.isArray(saved.cells)) return saved.cells;
  throw new RegularizerError({
    where: 'lab',
    code: 'other-comparison',
    message: `${paths.partial} holds runs of another comparison or backend`,
    hint: 'Give the same options as before, or --restart in place of --resume to begin anew.',
  });
}

/**
 * Says that there is something to go on from.
 *
 * @throws RegularizerError with code `interrupted`, always
 */
export function refuseToOverwrite(path: string, what: string): never {
  throw new RegularizerError({
    where: 'lab',
    code: 'interrupted',
    message: `${path} holds ${what} that was interrupted`,
    hint: 'Add --resume to go on with it, or --restart to give it up and begin anew.',
  });
}

/**
 * Reads a file of JSON.
 *
 * @throws RegularizerError with code `nothing-to-resume`, `cannot-read` or `bad-json`
 */
export async function readJson<Value>(path: string): Promise<Value> {
  const value = await readIfThere<Value | undefined>(path, undefined);
  if (value !== undefined) return value;
  throw new RegularizerError({
    where: 'lab',
    code: 'nothing-to-resume',
    message: `there is no ${path} to go on from`,
    hint: 'Leave out --resume.',
  });
}

async function readIfThere<Value>(path: string, otherwise: Partial<Value>): Promise<Value> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return otherwise as Value;
    throw fileError('cannot-read', path, cause);
  }
  try {
    return JSON.parse(text) as Value;
  } catch (cause) {
    throw new RegularizerError({
      where: 'lab',
      code: 'bad-json',
      message: `${path} is damaged`,
      hint: 'Give --restart to begin anew.',
      cause,
    });
  }
}
