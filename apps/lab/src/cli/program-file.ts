// Node only: the file of the program that trains a recipe without the lab, and its data beside it.
import {basename, dirname, extname, isAbsolute, join, relative, resolve, sep} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {checkWritable, writeWhole} from '@regularizers/core/node';
import {NativeError, registerNative} from '@regularizers/native';
import {type codeBackends, programCode, programData} from '../code/program.ts';
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
export async function checkProgramFile({file, folder}: ProgramFile, option: string): Promise<void> {
  if (!['.ts', '.mts'].includes(extname(file))) {
    throw new RegularizerError({
      where: 'lab',
      code: 'bad-option',
      message: `${option} ${file} is no name of a TypeScript file`,
      hint: `Such as ${option} ${join(file, 'train.ts')}.`,
    });
  }
  await checkWritable(file);
  await checkWritable(join(folder, 'train-x.npy'));
}

/** The program of a recipe. The current backend is cpu afterwards. */
export async function programText(
  {file, folder}: ProgramFile,
  recipe: Recipe,
  given: DataSet,
  backend: 'auto' | (typeof codeBackends)[number],
  sources: Sources,
): Promise<string> {
  await useBackend('cpu'); // a model is built on some backend
  const data = dataFor(recipe, given);
  const model = buildModel(recipe.model, portsOf(data));
  try {
    return programCode({
      file: basename(file),
      folder: basename(folder),
      recipe,
      data,
      model,
      regularizers: createRegularizers(recipe.regularizers, sources.plugins),
      backend: backend === 'auto' ? await usualBackend(sources) : backend,
      moduleOf: (use) => moduleFrom(dirname(file), use),
    });
  } finally {
    model.dispose();
  }
}

/** Writes a program, and its data first: whoever sees the program can run it. Returns what was written. */
export async function writeProgram(
  {file, folder}: ProgramFile,
  code: string,
  recipe: Recipe,
  given: DataSet,
): Promise<readonly string[]> {
  for (const [name, bytes] of programData(dataFor(recipe, given)))
    await writeWhole(join(folder, name), bytes);
  await writeWhole(file, code);
  return [file, `${folder}${sep}`];
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
  const path = relative(resolve(folder), resolve(use)).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
