import {type EpochReport, type Progress, RegularizerError} from '@regularizers/core';
import type {ComparisonEntry} from './defaults.ts';
import {checkComparisonSize} from './plan-size.ts';
import {parseRecipe, type Recipe} from './recipe.ts';
import type {LabPlugin} from './regularizers.ts';
import type {ComparisonRow, FailureRow, RunCurves} from './report/rows.ts';
import type {RunReport} from './run.ts';
import type {RunHooks, Runner} from './runner.ts';
import {type SentError, sendError} from './sent-error.ts';

/** What is compared: one recipe, with each entry's regularizers in place of its own, over several seeds. */
export interface Comparison {
  readonly base: Recipe;
  /** The baseline first. */
  readonly entries: readonly ComparisonEntry[];
  readonly seeds: readonly number[];
}

/** One run of a comparison that came to an end, or why it did not: plain JSON. */
export type Cell = FinishedCell | FailedCell;

/** A run that failed: the others go on. */
interface FailedCell {
  readonly entry: string;
  readonly seed: number;
  readonly failure: SentError;
}

/** A finished run. */
export interface FinishedCell extends Omit<RunReport, 'recipe' | 'data' | 'explanation'> {
  readonly entry: string;
  readonly seed: number;
}

/** What {@link compare} is told, and what it tells. */
export interface CompareOptions {
  /** Cells of an earlier, interrupted comparison of the same things; the finished ones are not run again. */
  readonly finished?: readonly Cell[];
  /** Ends the comparison after the running step; the running cell is lost. */
  readonly signal?: AbortSignal;
  readonly onStart?: (cell: CellPlan) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Something that a person should hear of, as a sentence. */
  readonly onNotice?: (sentence: string) => void;
  /** After each cell, with all cells so far; the comparison waits for it. */
  readonly onCell?: (cell: Cell, cells: readonly Cell[]) => void | Promise<void>;
}

/** A run to come. */
export interface CellPlan {
  readonly entry: string;
  readonly seed: number;
  readonly recipe: Recipe;
}

/** Every run of a comparison: seed by seed, so that a part of them compares as well. */
export function cellsOf(
  {base, entries, seeds}: Comparison,
  plugins: readonly LabPlugin[] = [],
): readonly CellPlan[] {
  return seeds.flatMap((seed) =>
    entries.map(({name, regularizers}) => ({
      entry: name,
      seed,
      recipe: parseRecipe({...base, name, seed, regularizers}, plugins),
    })),
  );
}

/**
 * Checks every entry against model and data, and what all runs will take, before anything trains.
 *
 * @returns why entries are refused, by their names
 * @throws RegularizerError of the first entry if none can be trained, or if all runs together are too large
 */
export async function previewComparison(
  comparison: Comparison,
  runner: Runner,
): Promise<ReadonlyMap<string, SentError>> {
  const once = cellsOf({...comparison, seeds: comparison.seeds.slice(0, 1)}, runner.plugins);
  checkComparisonSize(
    once.map(({recipe}) => recipe),
    comparison.seeds.length,
    runner.plugins,
  );
  const refused = new Map<string, RegularizerError>();
  for (const {entry, recipe} of once) {
    try {
      await runner.preview(recipe);
    } catch (error) {
      if (!RegularizerError.isInstance(error) || endsAll(error)) throw error;
      refused.set(entry, error);
    }
  }
  const [first] = refused.values();
  if (first && refused.size === once.length) throw first;
  return new Map([...refused].map(([entry, error]) => [entry, sendError(error)]));
}

/**
 * Runs every entry on every seed. One that fails is a cell that says why, and the others go on.
 *
 * @returns all cells, unless the signal ended the comparison
 * @throws RegularizerError before anything trains if no entry can be trained; where the backend is gone
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
  const refused = await previewComparison(comparison, runner);
  const cells: Cell[] = [];
  for (const plan of cellsOf(comparison, runner.plugins)) {
    const known = finished.find(
      (cell) => isFinished(cell) && cell.entry === plan.entry && cell.seed === plan.seed,
    );
    if (known) {
      cells.push(known);
      continue;
    }
    if (signal?.aborted) break;
    onStart?.(plan);
    const failure = refused.get(plan.entry);
    const run = failure ? failed(plan, failure) : runCell(plan, runner, {signal, onProgress, onNotice});
    const cell = await unlessAborted(Promise.resolve(run), signal);
    if (!cell || signal?.aborted) break;
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

async function runCell(plan: CellPlan, runner: Runner, hooks: RunHooks): Promise<Cell> {
  try {
    return toCell(plan, await runner.run(plan.recipe, hooks));
  } catch (error) {
    if (endsAll(error)) throw error;
    return failed(plan, sendError(error));
  }
}

/** Codes of what no other recipe would survive either. */
const lasting: ReadonlySet<string> = new Set(['backend-lost', 'browser-failed']);

/** Whether an error is of what no other recipe would survive either. */
export const endsAll = (error: unknown): boolean =>
  RegularizerError.isInstance(error) && lasting.has(error.code);

function toCell({entry, seed}: CellPlan, report: RunReport): FinishedCell {
  const {recipe: _, data: __, explanation: ___, ...numbers} = report;
  return {entry, seed, ...numbers};
}

const failed = ({entry, seed}: CellPlan, failure: SentError): FailedCell => ({entry, seed, failure});

/** Whether a run came to an end. */
export const isFinished = (cell: Cell): cell is FinishedCell => !('failure' in cell);

/** The entries of which runs failed, and why, in their order. */
export function comparisonFailures(cells: readonly Cell[]): readonly FailureRow[] {
  const failures = cells.filter((cell) => !isFinished(cell)) as readonly FailedCell[];
  return grouped(failures).map(([name, group]) => {
    const {where, message} = group[0]!.failure;
    return {name, seeds: group.length, failure: `[${where}] ${message}`};
  });
}

/** A row per entry that has finished runs, in the order of the entries: means over their seeds. */
export function comparisonRows(cells: readonly Cell[]): readonly ComparisonRow[] {
  return grouped(cells.filter(isFinished)).map(([name, group]) => {
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
  return grouped(cells.filter(isFinished)).map(([name, group]) => ({
    name,
    histories: group.flatMap(({history}) => byMember(history)),
  }));
}

/** A run's history, cut into those of its members. */
export function byMember(history: readonly EpochReport[]): readonly (readonly EpochReport[])[] {
  const members = [...new Set(history.map(({member}) => member))];
  return members.map((one) => history.filter(({member}) => member === one));
}

function grouped<C extends Cell>(cells: readonly C[]): readonly (readonly [string, readonly C[]])[] {
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
