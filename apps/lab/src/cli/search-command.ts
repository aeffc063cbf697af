// Node only: `lab search`.
import {basename} from 'node:path';
import {makeData} from '../data/catalog.ts';
import {dataTitle} from '../data/title.ts';
import type {Recipe} from '../recipe.ts';
import {labelSentences} from '../report/search-cells.ts';
import {searchHtml} from '../report/search-html.ts';
import {searchTable} from '../report/search-table.ts';
import type {Runner} from '../runner.ts';
import type {SavedModel} from '../saved-model.ts';
import {withFolds} from '../search/folds.ts';
import {type RecipeSearch, searchRecipes} from '../search/search-recipes.ts';
import {reachSentences} from '../search/words.ts';
import type {BackendName, FixedBackend} from './backend-names.ts';
import {loadersOf, openRunner, type Sources} from './backends.ts';
import {type BaseOptions, baseRecipe} from './base-recipe.ts';
import type {GivenCommand} from './command-line.ts';
import {type ModelFolder, openModelFolder} from './model-folder.ts';
import {isColoured, say, type Terminal} from './output.ts';
import {checkProgramFile, type ProgramFile, programFile, programOf, writeProgram} from './program-file.ts';
import {type Interrupted, jsonOf} from './results.ts';
import {openSearchStudy, type SearchPaths, searchPaths, writeSearch} from './search-files.ts';
import {searchView} from './search-view.ts';
import {type SharedRunner, type WorkersOptions, withWorkers} from './workers.ts';

/** Options of `lab search`. */
export interface SearchCommandOptions extends BaseOptions, Interrupted, WorkersOptions {
  readonly trials?: number;
  readonly minutes?: number;
  readonly only?: readonly string[];
  readonly without?: readonly string[];
  readonly seed?: number;
  readonly name?: string;
  /** The folder for the winner, trained. @defaultValue it is not written */
  readonly save?: string;
  /** The file of the program that trains the winner without the lab. @defaultValue it is not written */
  readonly code?: string;
  readonly backend: BackendName;
  readonly out: string;
}

/** Where nothing is said of it. */
const usualMinutes = 10;

/** Searches for what helps, and saves what came of it. Returns the exit code. */
export async function searchCommand(
  file: string | undefined,
  options: SearchCommandOptions,
  command: GivenCommand,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const base = withFolds(await baseRecipe(file, options, sources, (sentence) => say(terminal, sentence)));
  const paths = await searchPaths(
    options.out,
    options.name ?? `search-${dataTitle(base.data)}-${base.model.name}`,
  );
  const program = options.code === undefined ? undefined : programFile(options.code);
  if (program) await checkProgramFile(program, '--code', base);
  const folder = options.save === undefined ? undefined : await openModelFolder(options.save);
  try {
    return await searchInto({paths, folder, program}, base, options, command, terminal, sources);
  } finally {
    await folder?.close();
  }
}

interface Target {
  readonly paths: SearchPaths;
  readonly folder: ModelFolder | undefined;
  readonly program: ProgramFile | undefined;
}

async function searchInto(
  {paths, folder, program}: Target,
  base: Recipe,
  options: SearchCommandOptions,
  command: GivenCommand,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const opened = await openRunner(options.backend, base, sources, terminal.signal);
  let {runner} = opened;
  try {
    if (opened.note) say(terminal, opened.note);
    const shared = await withWorkers(opened, options, terminal, sources);
    ({runner} = shared);
    const found = await searchWith(shared, base, paths, options, terminal);
    if (!found) {
      say(terminal, `Interrupted. To go on: ${command.goOn}`);
      return 130;
    }
    terminal.stdout.write(`${searchTable(found, {colour: isColoured(terminal.stdout)})}\n`);
    for (const sentence of [...found.sentences, ...labelSentences(found), ...reachSentences(found)]) {
      terminal.stdout.write(`${sentence}\n`);
    }
    const isWritten = await writeSearch(options.out, paths, [
      [paths.json, jsonOf({...found, command: command.again})],
      [paths.html, searchHtml(found, command.again, winnerOf(paths, found.recipe, command))],
      [paths.recipe, jsonOf(found.recipe)],
    ]);
    const saved = folder ? await saveWinner(opened.runner, found.recipe, folder, terminal.signal) : [];
    const code = program ? await writeCode(program, found.recipe, opened.backend, sources) : [];
    if (!isWritten) say(terminal, 'Another process, which shared the search, writes:');
    say(terminal, [paths.json, paths.html, paths.recipe, ...saved, ...code].join('\n'));
    return 0;
  } finally {
    await runner.close();
  }
}

/** The winner's recipe is a file already, and is in the report for whoever has the report alone. */
const winnerOf = ({recipe: path}: SearchPaths, recipe: Recipe, command: GivenCommand) => ({
  file: basename(path),
  command: command.run(path, recipe),
});

/** Trains the winner once more, and writes it: by the recipe's own seed, as `lab run` would. */
async function saveWinner(
  runner: Runner,
  recipe: Recipe,
  folder: ModelFolder,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let models: readonly SavedModel[] = [];
  await runner.run(recipe, {
    signal,
    onTrained: (trained) => {
      models = trained;
    },
  });
  // What was ended before its end is no winner.
  return signal.aborted ? [] : await folder.save(models);
}

/** Writes the program of the winner, for the backend of the search where a program in Node can have it. */
async function writeCode(
  program: ProgramFile,
  recipe: Recipe,
  backend: FixedBackend,
  sources: Sources,
): Promise<readonly string[]> {
  const data = await makeData(recipe.data, loadersOf(sources));
  const own = backend === 'native' || backend === 'cpu' ? backend : 'auto';
  return writeProgram(program, await programOf(program, recipe, data, own, sources));
}

/** What the search found, or undefined where the signal ended it. */
async function searchWith(
  {runner, concurrency}: SharedRunner,
  base: Recipe,
  paths: SearchPaths,
  {only, without, seed, trials, minutes, ...interrupted}: SearchCommandOptions,
  {stderr, signal}: Terminal,
): Promise<RecipeSearch | undefined> {
  const budget = trials === undefined && minutes === undefined ? {minutes: usualMinutes} : {trials, minutes};
  const {measure} = await runner.preview({...base, regularizers: []});
  const study = await openSearchStudy(paths, interrupted);
  const view = searchView(stderr, budget, measure);
  try {
    return await searchRecipes({
      base,
      runner,
      concurrency,
      study,
      signal,
      ...budget,
      only,
      without,
      seed,
      onStart: view.start,
      onProgress: view.update,
      onNotice: view.say,
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    view.close();
  }
}
