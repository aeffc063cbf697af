import type {EpochReport, EvaluationReport, Progress, Stopped} from '@regularizers/core';
import type {ComparisonEntry} from './defaults.ts';
import {checkComparisonSize} from './plan-size.ts';
import {parseRecipe, type Recipe} from './recipe.ts';
import type {ComparisonRow, Measure, RunCurves} from './report/rows.ts';
import type {RunReport} from './run.ts';
import type {Runner} from './runner.ts';

/** What is compared: one recipe, with each entry's regularizers in place of its own, over several seeds. */
export interface Comparison {
  readonly base: Recipe;
  /** The baseline first. */
  readonly entries: readonly ComparisonEntry[];
  readonly seeds: readonly number[];
}

/** One finished run of a comparison: plain JSON. */
export interface Cell {
  readonly entry: string;
  readonly seed: number;
  readonly backend: string;
  readonly measure: Measure;
  readonly testError: number;
  readonly gap: number;
  readonly seconds: number;
  readonly parameters: number;
  readonly stopped: Stopped | undefined;
  readonly train: EvaluationReport;
  readonly validation: EvaluationReport;
  readonly test: EvaluationReport;
  readonly history: readonly EpochReport[];
}

/** What {@link compare} is told, and what it tells. */
export interface CompareOptions {
  /** Cells of an earlier, interrupted comparison of the same things; they are not run again. */
  readonly finished?: readonly Cell[];
  /** Ends the comparison after the running step; the running cell is lost. */
  readonly signal?: AbortSignal;
  readonly onStart?: (cell: CellPlan) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Something that a person should hear of, as a sentence. */
  readonly onNotice?: (sentence: string) => void;
  /** After each finished cell, with all cells so far; the comparison waits for it. */
  readonly onCell?: (cell: Cell, cells: readonly Cell[]) => void | Promise<void>;
}

/** A run to come. */
export interface CellPlan {
  readonly entry: string;
  readonly seed: number;
  readonly recipe: Recipe;
}

/** Every run of a comparison: seed by seed, so that a part of them compares as well. */
export function cellsOf({base, entries, seeds}: Comparison): readonly CellPlan[] {
  return seeds.flatMap((seed) =>
    entries.map(({name, regularizers}) => ({
      entry: name,
      seed,
      recipe: parseRecipe({...base, name, seed, regularizers}),
    })),
  );
}

/**
 * Checks every entry against model and data, and what all runs will take, before anything trains.
 *
 * @throws RegularizerError of the first entry that cannot be trained
 */
export async function previewComparison(comparison: Comparison, runner: Runner): Promise<void> {
  const once = cellsOf({...comparison, seeds: comparison.seeds.slice(0, 1)});
  checkComparisonSize(
    once.map(({recipe}) => recipe),
    comparison.seeds.length,
  );
  for (const {recipe} of once) {
    await runner.preview(recipe);
  }
}

/**
 * Runs every entry on every seed.
 *
 * @returns the finished cells: all of them, unless the signal ended the comparison
 * @throws RegularizerError before anything trains if an entry cannot be trained
 *
 * @example
 * ```ts
 * const base = defaultRecipe({data: {name: 'glyphs'}});
 * const cells = await compare({base, entries: defaultEntries(base), seeds: [0, 1, 2]}, runner);
 * const rows = comparisonRows(cells);
 * ```
 */
export async function compare(
  comparison: Comparison,
  runner: Runner,
  {finished = [], signal, onStart, onProgress, onNotice, onCell}: CompareOptions = {},
): Promise<readonly Cell[]> {
  await previewComparison(comparison, runner);
  const cells: Cell[] = [];
  for (const plan of cellsOf(comparison)) {
    const known = finished.find(({entry, seed}) => entry === plan.entry && seed === plan.seed);
    if (known) {
      cells.push(known);
      continue;
    }
    if (signal?.aborted) break;
    onStart?.(plan);
    const report = await unlessAborted(runner.run(plan.recipe, {signal, onProgress, onNotice}), signal);
    if (!report || signal?.aborted) break;
    const cell = toCell(plan, report);
    cells.push(cell);
    await onCell?.(cell, cells);
  }
  return cells;
}

/** What comes of a run, or undefined where it failed because the signal ended it. */
export async function unlessAborted<Value>(
  run: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value | undefined> {
  try {
    return await run;
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

function toCell({entry, seed}: CellPlan, report: RunReport): Cell {
  const {recipe: _, explain: __, ...numbers} = report;
  return {entry, seed, ...numbers};
}

/** A row per entry, in the order of the entries: means over its seeds. */
export function comparisonRows(cells: readonly Cell[]): readonly ComparisonRow[] {
  return grouped(cells).map(([name, group]) => {
    const errors = group.map(({testError}) => testError);
    return {
      name,
      seeds: group.length,
      testErrorMean: mean(errors),
      testErrorStandardError: standardError(errors),
      gap: mean(group.map(({gap}) => gap)),
      seconds: mean(group.map(({seconds}) => seconds)),
    };
  });
}

/** The curves of each entry, one per seed and member. */
export function comparisonCurves(cells: readonly Cell[]): readonly RunCurves[] {
  return grouped(cells).map(([name, group]) => ({
    name,
    histories: group.flatMap(({history}) => byMember(history)),
  }));
}

/** A run's history, cut into those of its members. */
export function byMember(history: readonly EpochReport[]): readonly (readonly EpochReport[])[] {
  const members = [...new Set(history.map(({member}) => member))];
  return members.map((one) => history.filter(({member}) => member === one));
}

function grouped(cells: readonly Cell[]): readonly (readonly [string, readonly Cell[]])[] {
  const names = [...new Set(cells.map(({entry}) => entry))];
  return names.map((name) => [name, cells.filter(({entry}) => entry === name)]);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** s/√n, with s² = Σ(x − x̄)²/(n − 1); 0 for a single value, which says nothing of its spread. */
function standardError(values: readonly number[]): number {
  const n = values.length;
  if (n < 2) return 0;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (n - 1) / n);
}
