// Node only: `lab compare`.
import {type Cell, type Comparison, cellsOf, compare, isFinished, placeText} from '../compare.ts';
import {comparisonCurves, comparisonLooks, tableReports} from '../comparison-report.ts';
import type {ComparisonTable} from '../comparison-table.ts';
import {dataTitle} from '../data/title.ts';
import {defaultRecipe, defaultSeeds, tableFor, tableOfRecipe, tablesFor} from '../defaults.ts';
import type {Recipe} from '../recipe.ts';
import type {LabPlugin} from '../regularizers.ts';
import {reportHtml} from '../report/html.ts';
import {formatMeasure, formatSeconds} from '../report/rows.ts';
import {comparisonTable} from '../report/table.ts';
import type {Runner} from '../runner.ts';
import type {BackendName} from './backend-names.ts';
import {openRunner, type Sources} from './backends.ts';
import {type BaseOptions, givenRecipe} from './base-recipe.ts';
import type {GivenCommand} from './command-line.ts';
import {finishedRuns} from './interrupted-comparison.ts';
import {isColoured, type ProgressView, progressView, say, type Terminal} from './output.ts';
import {
  type ComparisonFile,
  type Interrupted,
  openOutput,
  type ResultPaths,
  recipeFileOf,
  removeInterrupted,
  writeJson,
  writeResults,
} from './results.ts';
import {type WorkersOptions, withWorkers} from './workers.ts';

/** Options of `lab compare`, those of the recipe left out where its defaults are wanted. */
export interface CompareCommandOptions extends BaseOptions, Interrupted, WorkersOptions {
  readonly seeds?: number;
  readonly only?: readonly string[];
  readonly name?: string;
  readonly backend: BackendName;
  readonly out: string;
}

/** The exit code where recipes failed; the others are there. */
const recipesFault = 1;

/** Compares regularizers, each alone and several together, and saves what came of it. Returns the exit code. */
export async function compareCommand(
  file: string | undefined,
  options: CompareCommandOptions,
  command: GivenCommand,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const comparison = await comparisonFor(file, options, terminal, sources);
  const [{base}] = comparison.tables as readonly [ComparisonTable];
  const {data, model} = base;
  const {paths, close} = await openOutput(
    options.out,
    options.name ?? `compare-${dataTitle(data)}-${model.name}`,
  );
  try {
    return await compareInto(paths, comparison, options, command, terminal, sources);
  } finally {
    await close();
  }
}

async function compareInto(
  paths: ResultPaths,
  comparison: Comparison,
  options: CompareCommandOptions,
  command: GivenCommand,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const {stdout, signal} = terminal;
  const opened = await openRunner(options.backend, comparison.tables[0]!.base, sources, signal);
  const {runner, concurrency} = await withWorkers(opened, options, terminal, sources);
  try {
    if (opened.note) say(terminal, opened.note);
    const finished = await finishedRuns(paths, options, comparison, runner.label);
    say(terminal, subtitle(comparison, runner));
    const cells = await train({comparison, runner, concurrency, finished, paths, terminal});
    const reports = tableReports(comparison, cells);
    if (cells.length > 0) {
      const tables = reports.map((report) => comparisonTable(report, {colour: isColoured(stdout)}));
      stdout.write(`${tables.join('\n\n')}\n`);
    }
    if (signal.aborted) {
      say(terminal, cells.length > 0 ? `Interrupted. To go on: ${command.goOn}` : 'Interrupted.');
      return 130;
    }
    const page = htmlOf(comparison, runner, cells, command);
    await writeResults(paths, fileOf(comparison, runner, cells), page);
    await removeInterrupted(paths);
    say(terminal, `${paths.json}\n${paths.html}`);
    return reports.some(({failures}) => failures.length > 0) ? recipesFault : 0;
  } finally {
    await runner.close();
  }
}

async function comparisonFor(
  file: string | undefined,
  options: CompareCommandOptions,
  terminal: Terminal,
  sources: Sources,
): Promise<Comparison> {
  const {only} = options;
  const {plugins = []} = sources;
  const given = await givenRecipe(file, options, sources, (sentence) => say(terminal, sentence));
  const tables =
    file === undefined
      ? tablesFor(given, only, plugins)
      : [tableOf(defaultRecipe(given, plugins), only, plugins)];
  const [{base}] = tables as readonly [ComparisonTable];
  const count = options.seeds ?? defaultSeeds;
  return {tables, seeds: Array.from({length: count}, (_, index) => base.seed + index)};
}

/** The table of a recipe that somebody gave: its own regularizers, or the usual ones if it has none. */
const tableOf = (
  recipe: Recipe,
  only: readonly string[] | undefined,
  plugins: readonly LabPlugin[],
): ComparisonTable =>
  recipe.regularizers.length > 0 ? tableOfRecipe(recipe, only) : tableFor(recipe, only, plugins);

interface Work {
  readonly comparison: Comparison;
  readonly runner: Runner;
  readonly concurrency: number;
  readonly finished: readonly Cell[];
  readonly paths: ResultPaths;
  readonly terminal: Terminal;
}

async function train({
  comparison,
  runner,
  concurrency,
  finished,
  paths,
  terminal,
}: Work): Promise<readonly Cell[]> {
  const runs = cellsOf(comparison, runner.plugins).length;
  const view: ProgressView = progressView(terminal.stderr, runs, finished.length);
  try {
    return await compare(comparison, runner, {
      finished,
      concurrency,
      signal: terminal.signal,
      onStart: (plan) => view.start(placeText(plan)),
      onProgress: (progress, plan) => view.update(placeText(plan), progress),
      onNotice: (sentence) => view.say(sentence),
      onCell: async (cell, cells) => {
        await writeJson(paths.partial, fileOf(comparison, runner, cells));
        view.finish(placeText(cell), `[${cells.length}/${runs}] ${lineOf(cell)}`);
      },
    });
  } finally {
    view.close();
  }
}

function lineOf(cell: Cell): string {
  const place = placeText(cell);
  if (!isFinished(cell)) return `${place}: failed: [${cell.failure.where}] ${cell.failure.message}`;
  const {measure, validationError, testError, seconds, stopped} = cell;
  const numbers = `validation ${measure} ${formatMeasure(validationError, measure)}, test ${formatMeasure(testError, measure)}`;
  const end = stopped ? `, stopped in epoch ${stopped.epoch}` : '';
  return `${place}: ${numbers}, ${formatSeconds(seconds)}${end}`;
}

const fileOf = (comparison: Comparison, runner: Runner, cells: readonly Cell[]): ComparisonFile => ({
  format: 'regularizers-lab comparison 2',
  comparison,
  backend: runner.label,
  tables: tableReports(comparison, cells),
  cells,
});

function subtitle({tables, seeds}: Comparison, {label}: Runner): string {
  const [{base}] = tables as readonly [ComparisonTable];
  const {data, model, epochs, batchSize} = base;
  const size = data.train === undefined ? '' : `, ${data.train} training examples`;
  const recipes = tables.map(
    ({name, entries}) => `${entries.length} recipes${name === '' ? '' : ` on ${name}`}`,
  );
  return [
    `${dataTitle(data)}${size}; ${model.name}; ${epochs} epochs in batches of ${batchSize}`,
    `${recipes.join(', ')}; ${seeds.length} seeds; ${label}`,
  ].join('; ');
}

function htmlOf(
  comparison: Comparison,
  runner: Runner,
  cells: readonly Cell[],
  command: GivenCommand,
): string {
  const {tables} = comparison;
  const reports = tableReports(comparison, cells);
  return reportHtml({
    title: `Regularizers on ${dataTitle(tables[0]!.base.data)}`,
    subtitle: subtitle(comparison, runner),
    parts: tables.map((table, index) => ({
      table: reports[index]!,
      runs: comparisonCurves(table, cells),
      looks: comparisonLooks(table, reports[index]!, cells),
    })),
    recipes: cellsOf({...comparison, seeds: comparison.seeds.slice(0, 1)}, runner.plugins).map(
      ({recipe, ...place}) => {
        const name = placeText(place);
        const file = recipeFileOf(name);
        return {name, recipe, file, command: command.run(file, recipe)};
      },
    ),
    command: command.again,
  });
}
