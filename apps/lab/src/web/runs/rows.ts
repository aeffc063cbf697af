import type {Recipe} from '../../recipe.ts';
import type {Measure} from '../../report/rows.ts';
import {labelOf} from '../draft.ts';
import type {EndedRun} from '../runs/run.ts';
import {type Spread, spreadOf} from './spread.ts';

/** Runs of one recipe on one data set, a seed each: a row of the table, and a colour of the curves. */
export interface RunRow {
  readonly key: string;
  readonly label: string;
  /** That of the newest run. */
  readonly recipe: Recipe;
  /** By seed. */
  readonly runs: readonly EndedRun[];
  /** Undefined where the runs failed or were cut off. */
  readonly measure: Measure | undefined;
  readonly colour: number;
  readonly shown: boolean;
  /** Errors, or losses where values are predicted, over the seeds; all evaluated at the end, without noise. */
  readonly train: Spread | undefined;
  readonly validation: Spread | undefined;
  readonly test: Spread | undefined;
  /** Test less training. */
  readonly gap: Spread | undefined;
  /** Of one run. */
  readonly seconds: Spread | undefined;
}

/**
 * What runs of a row have in common: all of the recipe but its seed, the data, and whether they came to their end. Runs
 * that were stopped by hand, or failed, are no part of a mean over those that weren't.
 */
export function keyOf({
  recipe,
  data,
  report,
  failure,
}: Pick<EndedRun, 'recipe' | 'data' | 'report' | 'failure'>): string {
  const {seed: _, ...rest} = recipe;
  const end = failure ? 'failed' : report?.stopped?.by === 'signal' || !report ? 'cut' : 'whole';
  return JSON.stringify([end, data ?? '', rest]);
}

/** Asked for several times with every drawing of the page, of the same runs. */
const known = new WeakMap<readonly EndedRun[], readonly RunRow[]>();

/** The rows of runs, the newest first. */
export function rowsOf(runs: readonly EndedRun[]): readonly RunRow[] {
  const rows = known.get(runs) ?? grouped(runs);
  known.set(runs, rows);
  return rows;
}

function grouped(runs: readonly EndedRun[]): readonly RunRow[] {
  const groups = new Map<string, EndedRun[]>();
  for (const run of runs) {
    const key = keyOf(run);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const newest = (group: readonly EndedRun[]): number => Math.max(...group.map(({endedAt}) => endedAt));
  return [...groups].sort(([, a], [, b]) => newest(b) - newest(a)).map(([key, group]) => rowOf(key, group));
}

function rowOf(key: string, group: readonly EndedRun[]): RunRow {
  const runs = group.toSorted((a, b) => a.recipe.seed - b.recipe.seed);
  const latest = group.reduce((last, run) => (run.endedAt > last.endedAt ? run : last));
  const reports = runs.flatMap(({report}) => (report ? [report] : []));
  const {measure} = reports[0] ?? {};
  const errors = (side: 'train' | 'validation' | 'test'): Spread | undefined =>
    spreadOf(
      reports.map((report) => (measure === 'error' ? 1 - report[side]['accuracy']! : report[side].loss)),
    );
  return {
    key,
    label: labelOf(latest.recipe),
    recipe: latest.recipe,
    runs,
    measure,
    colour: latest.colour,
    shown: latest.shown,
    train: errors('train'),
    validation: errors('validation'),
    test: errors('test'),
    gap: spreadOf(reports.map(({gap}) => gap)),
    seconds: spreadOf(reports.map(({seconds}) => seconds)),
  };
}

/** True where a run came to its end, or to that which a regularizer chose. */
export const isWhole = ({report}: EndedRun): boolean =>
  report !== undefined && report.stopped?.by !== 'signal';

/** `Test error`, `Test loss`, or `Test` where there are both: then each number says which it is. */
export function headOf(side: string, rows: readonly RunRow[]): string {
  const measures = [...new Set(rows.flatMap(({measure}) => measure ?? []))];
  return measures.length === 1 ? `${side} ${measures[0]}` : side;
}
