// Node only: `lab code`.
import {basename, dirname, extname, isAbsolute, join, relative, resolve, sep} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {checkWritable, writeWhole} from '@regularizers/core/node';
import {NativeError, registerNative} from '@regularizers/native';
import {type codeBackends, programCode, programData} from '../code/program.ts';
import {makeData} from '../data/catalog.ts';
import {buildModel} from '../models/catalog.ts';
import {portsOf} from '../models/ports.ts';
import {createRegularizers} from '../regularizers.ts';
import {dataFor} from '../run.ts';
import {loadersOf, type Sources, useCpu} from './backends.ts';
import {type BaseOptions, baseRecipe, checkGiven} from './base-recipe.ts';
import {say, type Terminal} from './output.ts';

/** Options of `lab code`. */
export interface CodeCommandOptions extends BaseOptions {
  readonly backend: 'auto' | (typeof codeBackends)[number];
  /** The program's file. @defaultValue it is printed, and its data is not written */
  readonly out?: string;
}

/** Writes the program that trains a recipe without the lab. Returns the exit code. */
export async function codeCommand(
  file: string | undefined,
  options: CodeCommandOptions,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const {plugins = []} = sources;
  const {backend, out, data: given} = options;
  checkGiven(file, given);
  const recipe = await baseRecipe(file, options, sources, (sentence) => say(terminal, sentence));
  const target = out ?? 'train.ts';
  const place = {file: basename(target), folder: `${basename(target, extname(target))}-data`};
  const dataFolder = join(dirname(target), place.folder);
  if (out !== undefined) {
    checkName(out);
    await checkWritable(target);
    await checkWritable(join(dataFolder, 'train-x.npy'));
  }
  await useCpu(); // a model is built on some backend
  const data = dataFor(recipe, await makeData(recipe.data, loadersOf(sources)));
  const model = buildModel(recipe.model, portsOf(data));
  try {
    const code = programCode({
      ...place,
      recipe,
      data,
      model,
      regularizers: createRegularizers(recipe.regularizers, plugins),
      backend: backend === 'auto' ? await usualBackend(sources) : backend,
      moduleOf: (use) => moduleFrom(dirname(target), use),
    });
    if (out === undefined) {
      terminal.stdout.write(code);
      say(terminal, `Its data is not written: --out ${place.file} writes both.`);
      return 0;
    }
    for (const [name, bytes] of programData(data)) await writeWhole(join(dataFolder, name), bytes);
    await writeWhole(target, code);
    say(terminal, `${target}\n${dataFolder}${sep}`);
    return 0;
  } finally {
    model.dispose();
  }
}

function checkName(out: string): void {
  if (['.ts', '.mts'].includes(extname(out))) return;
  throw new RegularizerError({
    where: 'lab code',
    code: 'bad-option',
    message: `--out ${out} is no name of a TypeScript file`,
    hint: `Such as --out ${join(out, 'train.ts')}.`,
  });
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
