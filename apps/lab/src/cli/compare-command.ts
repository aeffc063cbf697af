// Node only: `lab compare`.
import {
  type Cell,
  type Comparison,
  cellsOf,
  compare,
  comparisonCurves,
  comparisonFailures,
  comparisonRows,
  isFinished,
} from '../compare.ts';
import {dataTitle} from '../data/title.ts';
import {defaultSeeds, entriesFor, entriesOfRecipe} from '../defaults.ts';
import {reportHtml} from '../report/html.ts';
import {formatMeasure, formatSeconds, type Measure} from '../report/rows.ts';
import {comparisonTable} from '../report/table.ts';
import type {Runner} from '../runner.ts';
import {type BackendName, openRunner, type Sources} from './backends.ts';
import {type BaseOptions, baseRecipe} from './base-recipe.ts';
import type {GivenCommand} from './command-line.ts';
import {finishedRuns} from './interrupted-comparison.ts';
import {isColoured, type ProgressView, progressView, say, type Terminal} from './output.ts';
import {
  type ComparisonFile,
  type Interrupted,
  openOutput,
  type ResultPaths,
  removeInterrupted,
  writeJson,
  writeResults,
} from './results.ts';

/** Options of `lab compare`, those of the recipe left out where its defaults are wanted. */
export interface CompareCommandOptions extends BaseOptions, Interrupted {
  readonly seeds?: number;
  readonly only?: readonly string[];
  readonly name?: string;
  readonly backend: BackendName;
  readonly out: string;
}

/** The exit code where recipes failed; the others are there. */
const recipesFault = 1;

/** Compares regularizers, each alone and all together, and saves what came of it. Returns the exit code. */
export async function compareCommand(
  file: string | undefined,
  options: CompareCommandOptions,
  command: GivenCommand,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const comparison = await comparisonFor(file, options, terminal, sources);
  const {data, model} = comparison.base;
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
  const {runner, note} = await openRunner(options.backend, comparison.base, sources, signal);
  try {
    if (note) say(terminal, note);
    const finished = await finishedRuns(paths, options, comparison, runner.label);
    say(terminal, subtitle(comparison, runner));
    const cells = await train({comparison, runner, finished, paths, terminal});
    const rows = comparisonRows(cells);
    const failures = comparisonFailures(cells);
    if (cells.length > 0) {
      const table = {...measureOf(cells), failures, colour: isColoured(stdout)};
      stdout.write(`${comparisonTable(rows, table)}\n`);
    }
    if (signal.aborted) {
      say(terminal, cells.length > 0 ? `Interrupted. To go on: ${command.goOn}` : 'Interrupted.');
      return 130;
    }
    const page = htmlOf(comparison, runner, cells, command.again);
    await writeResults(paths, fileOf(comparison, runner, cells), page);
    await removeInterrupted(paths);
    say(terminal, `${paths.json}\n${paths.html}`);
    return failures.length > 0 ? recipesFault : 0;
  } finally {
    await runner.close();
  }
}

function measureOf(cells: readonly Cell[]): {readonly measure?: Measure} {
  const finished = cells.find(isFinished);
  return finished ? {measure: finished.measure} : {};
}

async function comparisonFor(
  file: string | undefined,
  options: CompareCommandOptions,
  terminal: Terminal,
  sources: Sources,
): Promise<Comparison> {
  const {only} = options;
  const base = await baseRecipe(file, options, sources, (sentence) => say(terminal, sentence));
  const count = options.seeds ?? defaultSeeds(base);
  return {
    base: {...base, regularizers: []},
    entries:
      base.regularizers.length > 0 ? entriesOfRecipe(base, only) : entriesFor(base, only, sources.plugins),
    seeds: Array.from({length: count}, (_, index) => base.seed + index),
  };
}

interface Work {
  readonly comparison: Comparison;
  readonly runner: Runner;
  readonly finished: readonly Cell[];
  readonly paths: ResultPaths;
  readonly terminal: Terminal;
}

async function train({comparison, runner, finished, paths, terminal}: Work): Promise<readonly Cell[]> {
  const runs = cellsOf(comparison, runner.plugins).length;
  const view: ProgressView = progressView(terminal.stderr, runs, finished.length);
  try {
    return await compare(comparison, runner, {
      finished,
      signal: terminal.signal,
      onStart: ({entry, seed}) => view.start(`${entry}, seed ${seed}`),
      onProgress: (progress) => view.update(progress),
      onNotice: (sentence) => view.say(sentence),
      onCell: async (cell, cells) => {
        await writeJson(paths.partial, fileOf(comparison, runner, cells));
        view.finish(`[${cells.length}/${runs}] ${lineOf(cell)}`);
      },
    });
  } finally {
    view.close();
  }
}

function lineOf(cell: Cell): string {
  const {entry, seed} = cell;
  if (!isFinished(cell))
    return `${entry}, seed ${seed}: failed: [${cell.failure.where}] ${cell.failure.message}`;
  const {measure, testError, gap, seconds, stopped} = cell;
  const numbers = `test ${measure} ${formatMeasure(testError, measure)}, gap ${formatMeasure(gap, measure)}`;
  const end = stopped ? `, stopped in epoch ${stopped.epoch}` : '';
  return `${entry}, seed ${seed}: ${numbers}, ${formatSeconds(seconds)}${end}`;
}

const fileOf = (comparison: Comparison, runner: Runner, cells: readonly Cell[]): ComparisonFile => ({
  format: 'regularizers-lab comparison 1',
  comparison,
  backend: runner.label,
  rows: comparisonRows(cells),
  failures: comparisonFailures(cells),
  cells,
});

function subtitle({base, entries, seeds}: Comparison, {label}: Runner): string {
  const {data, model, epochs, batchSize} = base;
  const size = data.train === undefined ? '' : `, ${data.train} training examples`;
  return [
    `${dataTitle(data)}${size}; ${model.name}; ${epochs} epochs in batches of ${batchSize}`,
    `${entries.length} recipes on ${seeds.length} seeds; ${label}`,
  ].join('; ');
}

function htmlOf(comparison: Comparison, runner: Runner, cells: readonly Cell[], command: string): string {
  return reportHtml({
    title: `Regularizers on ${dataTitle(comparison.base.data)}`,
    subtitle: subtitle(comparison, runner),
    rows: comparisonRows(cells),
    failures: comparisonFailures(cells),
    runs: comparisonCurves(cells),
    ...measureOf(cells),
    recipe: {...comparison.base, compared: comparison.entries},
    command,
  });
}
