// Node only: `lab code`.
import {basename} from 'node:path';
import type {codeBackends} from '../code/program.ts';
import {makeData} from '../data/catalog.ts';
import {loadersOf, type Sources} from './backends.ts';
import {type BaseOptions, baseRecipe, checkGiven} from './base-recipe.ts';
import {say, type Terminal} from './output.ts';
import {checkProgramFile, programFile, programOf, writeProgram} from './program-file.ts';

/** Options of `lab code`. */
export interface CodeCommandOptions extends BaseOptions {
  readonly backend: 'auto' | (typeof codeBackends)[number];
  /** The program's file. @defaultValue it is printed, and what it reads is not written */
  readonly out?: string;
}

/** Writes the program that trains a recipe without the lab. Returns the exit code. */
export async function codeCommand(
  file: string | undefined,
  options: CodeCommandOptions,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const {backend, out, data: given} = options;
  checkGiven(file, given);
  const recipe = await baseRecipe(file, options, sources, (sentence) => say(terminal, sentence));
  const target = programFile(out ?? 'train.ts');
  if (out !== undefined) await checkProgramFile(target, '--out', recipe);
  const data = await makeData(recipe.data, loadersOf(sources));
  const program = await programOf(target, recipe, data, backend, sources);
  if (out === undefined) {
    terminal.stdout.write(program.code);
    if (program.files.size > 0)
      say(terminal, `Its data is not written: --out ${basename(target.file)} writes both.`);
    return 0;
  }
  say(terminal, (await writeProgram(target, program)).join('\n'));
  return 0;
}
