// Node only: result files.
import {access, rm} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {checkWritable, previousPath, writeWhole} from '@regularizers/core/node';
import type {TableReport} from '../report/rows.ts';
import {openFolder} from './open-folder.ts';
import {claimOutput} from './output-lock.ts';
import type {PartialComparison} from './partial-file.ts';

/** A comparison as it is saved. */
export interface ComparisonFile extends PartialComparison {
  readonly tables: readonly TableReport[];
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

/** Numbers and pictures of one name, which nobody else writes meanwhile. */
interface PicturesOutput {
  readonly paths: {readonly json: string; readonly svg: string};
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
function resultPaths(folder: string, name: string): ResultPaths {
  const path = (suffix: string): string => join(folder, `${stemOf(name)}${suffix}`);
  return {
    json: path('.json'),
    html: path('.html'),
    partial: path('.partial.json'),
    checkpoint: path('.checkpoint.safetensors'),
  };
}

/** What a file may be called after a name. */
export const stemOf = (name: string): string =>
  name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '') || 'result';

/** What the recipe of a result is to be saved as: beside the result, which has the shorter name. */
export const recipeFileOf = (name: string): string => `${stemOf(name)}.recipe.json`;

/**
 * Makes sure, before anything is trained, that the files of one name can be written and that no other process does so.
 *
 * @throws RegularizerError with code `cannot-write` or `in-use`
 */
export async function openOutput(folder: string, name: string): Promise<Output> {
  const paths = resultPaths(folder, name);
  return openFolder(folder, async () => {
    for (const path of [...Object.values(paths), previousPath(paths.checkpoint)]) await checkWritable(path);
    return {paths, close: await claimOutput(folder, stemOf(name))};
  });
}

/** Makes sure that a lesson's files can be written, and that no other process does so. @throws RegularizerError as that */
export async function openPictures(folder: string, name: string): Promise<PicturesOutput> {
  const stem = join(folder, stemOf(name));
  const paths = {json: `${stem}.json`, svg: `${stem}.svg`};
  return openFolder(folder, async () => {
    for (const path of Object.values(paths)) await checkWritable(path);
    return {paths, close: await claimOutput(folder, stemOf(name))};
  });
}

/** Saves JSON whole or not at all. */
export const writeJson = (path: string, value: unknown): Promise<void> => writeWhole(path, jsonOf(value));

/** Saves what a command came to; the files of that name that there were are kept, as `….previous.json`. */
export async function writeResults({json, html}: ResultPaths, value: unknown, page: string): Promise<void> {
  await writeResult(json, jsonOf(value));
  await writeResult(html, page);
}

/** Writes a file whole; one of that name that there was is kept, as `….previous`. */
export const writeResult = (path: string, text: string): Promise<void> =>
  writeWhole(path, text, {previous: basename(previousPath(path))});

/** JSON as the lab writes it. */
export const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** Removes what a finished command makes needless, or one that begins anew. */
export async function removeInterrupted({partial, checkpoint}: ResultPaths): Promise<void> {
  for (const path of [checkpoint, previousPath(checkpoint), partial]) await rm(path, {force: true});
}

/** Whether there is such a file. */
export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
