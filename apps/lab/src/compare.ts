import {type Progress, RegularizerError} from '@regularizers/core';
import pLimit from 'p-limit';
import type {ComparisonTable} from './comparison-table.ts';
import {checkComparisonSize} from './plan-size.ts';
import {parseRecipe, type Recipe} from './recipe.ts';
import type {LabPlugin} from './regularizers.ts';
import type {RunReport} from './run.ts';
import type {RunHooks, Runner} from './runner.ts';
import {type SentError, sendError} from './sent-error.ts';

/** What is compared: a table or several, over the same seeds. */
export interface Comparison {
  readonly tables: readonly ComparisonTable[];
  readonly seeds: readonly number[];
}

/** One run of a comparison that came to an end, or why it did not: plain JSON. */
export type Cell = FinishedCell | FailedCell;

/** Which run it is. */
interface CellPlace {
  /** Of the table, empty where there is one. */
  readonly table: string;
  readonly entry: string;
  readonly seed: number;
}

/** A run that failed: the others go on. */
export interface FailedCell extends CellPlace {
  readonly failure: SentError;
}

/** A finished run. */
export interface FinishedCell extends CellPlace, Omit<RunReport, 'recipe' | 'data' | 'explanation'> {
  /** How many examples its test error was counted on. */
  readonly testExamples: number;
}

/** What {@link compare} is told, and what it tells. */
export interface CompareOptions {
  /** Cells of an earlier, interrupted comparison of the same things; the finished ones are not run again. */
  readonly finished?: readonly Cell[];
  /** Ends the comparison after the running step; running cells are lost. */
  readonly signal?: AbortSignal;
  /** How many runs the runner is asked for at once. @defaultValue 1 */
  readonly concurrency?: number;
  readonly onStart?: (cell: CellPlan) => void;
  readonly onProgress?: (progress: Progress, cell: CellPlan) => void;
  /** Something that a person should hear of, as a sentence. */
  readonly onNotice?: (sentence: string) => void;
  /** After each cell, one at a time, with all cells so far in the order of their plans; the comparison waits for it. */
  readonly onCell?: (cell: Cell, cells: readonly Cell[]) => void | Promise<void>;
}

/** A run to come. */
export interface CellPlan extends CellPlace {
  readonly recipe: Recipe;
}

/** `wrong labels, l2, seed 3` */
export const placeText = ({table, entry, seed}: CellPlace): string =>
  [...(table === '' ? [] : [table]), entry, `seed ${seed}`].join(', ');

/** Every run of a comparison: seed by seed, so that a part of them compares as well. */
export function cellsOf(
  {tables, seeds}: Comparison,
  plugins: readonly LabPlugin[] = [],
): readonly CellPlan[] {
  return seeds.flatMap((seed) =>
    tables.flatMap(({name: table, base, entries}) =>
      entries.map(({name, regularizers}) => ({
        table,
        entry: name,
        seed,
        recipe: parseRecipe({...base, name, seed, regularizers}, plugins),
      })),
    ),
  );
}

const keyOf = ({table, entry}: Omit<CellPlace, 'seed'>): string => JSON.stringify([table, entry]);

/**
 * Checks every entry against model and data, and what all runs will take, before anything trains.
 *
 * @returns why entries are refused, by their tables and names
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
  for (const plan of once) {
    try {
      await runner.preview(plan.recipe);
    } catch (error) {
      if (!RegularizerError.isInstance(error) || endsAll(error)) throw error;
      refused.set(keyOf(plan), error);
    }
  }
  const [first] = refused.values();
  if (first && refused.size === once.length) throw first;
  return new Map([...refused].map(([key, error]) => [key, sendError(error)]));
}

/**
 * Runs every entry on every seed. One that fails is a cell that says why, and the others go on.
 *
 * @returns all cells, unless the signal ended the comparison
 * @throws RegularizerError before anything trains if no entry can be trained; where the backend is gone
 *
 * @example
 * ```ts
 * const tables = [tableFor(defaultRecipe({data: {name: 'glyphs'}}))];
 * const comparison = {tables, seeds: [0, 1, 2, 3, 4]};
 * const reports = tableReports(comparison, await compare(comparison, runner));
 * ```
 */
export async function compare(
  comparison: Comparison,
  runner: Runner,
  {finished = [], signal, concurrency = 1, onStart, onProgress, onNotice, onCell}: CompareOptions = {},
): Promise<readonly Cell[]> {
  const refused = await previewComparison(comparison, runner);
  const plans = cellsOf(comparison, runner.plugins);
  const known = plans.map(({seed, ...plan}) =>
    finished.find((cell) => isFinished(cell) && keyOf(cell) === keyOf(plan) && cell.seed === seed),
  );
  const cells: (Cell | undefined)[] = [...known];
  const soFar = (): readonly Cell[] => cells.filter((cell) => cell !== undefined);
  const runs = pLimit(concurrency);
  const tellings = pLimit(1);

  const runPlan = async (plan: CellPlan, index: number): Promise<void> => {
    if (signal?.aborted) return;
    onStart?.(plan);
    const failure = refused.get(keyOf(plan));
    // One of each recipe is enough to look at.
    const look = plan.seed === comparison.seeds[0];
    const hooks = {signal, onNotice, look, onProgress: (progress: Progress) => onProgress?.(progress, plan)};
    const run = failure ? failed(plan, failure) : runCell(plan, runner, hooks);
    const cell = await unlessAborted(Promise.resolve(run), signal);
    if (!cell || signal?.aborted) return;
    await tellings(() => {
      cells[index] = cell;
      return onCell?.(cell, soFar());
    });
  };
  const endOthers = (error: unknown): never => {
    runs.clearQueue(); // what was not begun is never answered
    throw error;
  };
  await Promise.all(
    plans.map((plan, index) =>
      known[index] ? undefined : runs(() => runPlan(plan, index).catch(endOthers)),
    ),
  );
  return soFar();
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
const lasting: ReadonlySet<string> = new Set(['backend-lost', 'browser-failed', 'no-worker']);

/** Whether an error is of what no other recipe would survive either. */
export const endsAll = (error: unknown): boolean =>
  RegularizerError.isInstance(error) && lasting.has(error.code);

function toCell({recipe: _, ...place}: CellPlan, report: RunReport): FinishedCell {
  const {recipe: __, data, explanation: ___, ...numbers} = report;
  return {...place, testExamples: data.examples.test, ...numbers};
}

const failed = ({recipe: _, ...place}: CellPlan, failure: SentError): FailedCell => ({...place, failure});

/** Whether a run came to an end. */
export const isFinished = (cell: Cell): cell is FinishedCell => !('failure' in cell);
