// Node only: the file of the program that trains a recipe without the lab, and its data beside it.
import {basename, dirname, extname, isAbsolute, join, relative, resolve, sep} from 'node:path';
import {pathToFileURL} from 'node:url';
import {RegularizerError} from '@regularizers/core';
import {checkWritable, writeWhole} from '@regularizers/core/node';
import {NativeError, registerNative} from '@regularizers/native';
import {type codeBackends, programCode, programFiles} from '../code/program.ts';
import {csvRead} from '../code/table-code.ts';
import type {DataSet} from '../data/data-set.ts';
import {buildModel} from '../models/catalog.ts';
import {portsOf} from '../models/ports.ts';
import type {Recipe} from '../recipe.ts';
import {createRegularizers} from '../regularizers.ts';
import {dataFor} from '../run.ts';
import {type Sources, useBackend} from './backends.ts';

/** Where a program goes. */
export interface ProgramFile {
  readonly file: string;
  /** Of its data. */
  readonly folder: string;
}

/** The place of a program of this name. */
export const programFile = (file: string): ProgramFile => ({
  file,
  folder: join(dirname(file), `${basename(file, extname(file))}-data`),
});

/**
 * Makes sure, before anything is trained, that a program can be written.
 *
 * @param option what the name was given by
 * @throws RegularizerError with code `bad-option` for a name of something else, `cannot-write`
 */
export async function checkProgramFile(
  {file, folder}: ProgramFile,
  option: string,
  recipe: Recipe,
): Promise<void> {
  if (!['.ts', '.mts'].includes(extname(file))) {
    throw new RegularizerError({
      where: 'lab',
      code: 'bad-option',
      message: `${option} ${file} is no name of a TypeScript file`,
      hint: `Such as ${option} ${join(file, 'train.ts')}.`,
    });
  }
  await checkWritable(file);
  if (!csvRead(recipe)) await checkWritable(join(folder, 'train-x.npy'));
}

/** A program, and what it reads that is in no file yet, by path. */
export interface WrittenProgram {
  readonly code: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The program of a recipe. The current backend is cpu afterwards. */
export async function programOf(
  {file, folder}: ProgramFile,
  recipe: Recipe,
  given: DataSet,
  backend: 'auto' | (typeof codeBackends)[number],
  sources: Sources,
): Promise<WrittenProgram> {
  await useBackend('cpu'); // a model is built on some backend
  const data = dataFor(recipe, given);
  const model = buildModel(recipe.model, portsOf(data));
  const names = {file: basename(file), folder: basename(folder)};
  try {
    const code = programCode({
      ...names,
      recipe,
      data,
      model,
      regularizers: createRegularizers(recipe.regularizers, sources.plugins),
      backend: backend === 'auto' ? await usualBackend(sources) : backend,
      moduleOf: (use) => moduleFrom(dirname(file), use),
      csvUrl: (csv) => urlFrom(dirname(file), csv),
    });
    return {code, files: programFiles({...names, recipe, data})};
  } finally {
    model.dispose();
  }
}

/** Writes a program, and what it reads first: whoever sees the program can run it. Returns what was written. */
export async function writeProgram(
  {file, folder}: ProgramFile,
  {code, files}: WrittenProgram,
): Promise<readonly string[]> {
  for (const [path, bytes] of files) await writeWhole(join(dirname(file), path), bytes);
  await writeWhole(file, code);
  return files.size > 0 ? [file, `${folder}${sep}`] : [file];
}

/** Native where it is set up, as for a run. */
async function usualBackend(sources: Sources): Promise<(typeof codeBackends)[number]> {
  try {
    await (sources.registerNative ?? registerNative)();
    return 'native';
  } catch (error) {
    if (NativeError.isInstance(error)) return 'cpu';
    throw error;
  }
}

/** A package by its name, a file by its path from the program. */
function moduleFrom(folder: string, use: string): string {
  if (!use.startsWith('.') && !isAbsolute(use)) return use;
  return dotted(relative(resolve(folder), resolve(use)).split(sep));
}

/** A file as a URL from the program, or a whole one where it is on another drive. */
function urlFrom(folder: string, file: string): string {
  const path = relative(resolve(folder), resolve(file));
  return isAbsolute(path) ? pathToFileURL(path).href : dotted(path.split(sep).map(encodeURIComponent));
}

const dotted = (path: readonly string[]): string =>
  path[0] === '..' ? path.join('/') : ['.', ...path].join('/');
