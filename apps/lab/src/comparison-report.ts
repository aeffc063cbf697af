// What the runs of a comparison come to: rows, verdicts, curves.
import type {EvaluationReport} from '@regularizers/core';
import {type Verdict, verdicts} from '@regularizers/search';
import {type Cell, type Comparison, type FailedCell, type FinishedCell, isFinished} from './compare.ts';
import type {ComparisonTable} from './comparison-table.ts';
import {labelNoiseOf} from './data/label-noise.ts';
import {byMember} from './histories.ts';
import {unpacked} from './looks/packed.ts';
import type {NamedLook} from './report/looks.ts';
import {
  baseline,
  baselineOf,
  type ComparisonRow,
  chosenOf,
  type Estimate,
  type Evaluated,
  type RunCurves,
  type TableReport,
} from './report/rows.ts';

/** What each table came to, of the cells that there are. */
export const tableReports = (
  {tables}: Pick<Comparison, 'tables'>,
  cells: readonly Cell[],
): readonly TableReport[] => tables.map((table) => tableReport(table, ofTable(table, cells)));

/** The curves of each entry of a table, one per seed and member. */
export const comparisonCurves = (table: ComparisonTable, cells: readonly Cell[]): readonly RunCurves[] =>
  groupsOf(table, ofTable(table, cells)).flatMap(({name, finished}) =>
    finished.length === 0
      ? []
      : [
          {
            name,
            histories: finished.flatMap(({history}) => byMember(history)),
            evaluated: finished.map(({train}) => train as Evaluated & EvaluationReport),
          },
        ],
  );

/** What the baseline and the recipe that one would choose make of their data, of those that looks are there of. */
export function comparisonLooks(
  table: ComparisonTable,
  {rows}: TableReport,
  cells: readonly Cell[],
): readonly NamedLook[] {
  const shown = new Set([baselineOf(rows), chosenOf(rows)].flatMap((row) => row?.name ?? []));
  return groupsOf(table, ofTable(table, cells))
    .filter(({name}) => shown.has(name))
    .flatMap(({name, finished}) => {
      const cell = finished.find(({look}) => look);
      return cell?.look ? [{name: `${name}, seed ${cell.seed}`, look: unpacked(cell.look)}] : [];
    });
}

const ofTable = ({name}: ComparisonTable, cells: readonly Cell[]): readonly Cell[] =>
  cells.filter(({table}) => table === name);

/** One entry's runs. */
interface Group {
  readonly name: string;
  readonly finished: readonly FinishedCell[];
  readonly failed: readonly FailedCell[];
}

const groupsOf = ({entries}: ComparisonTable, cells: readonly Cell[]): readonly Group[] =>
  entries.map(({name}) => {
    const own = cells.filter(({entry}) => entry === name);
    return {
      name,
      finished: own.filter(isFinished),
      failed: own.filter((cell): cell is FailedCell => !isFinished(cell)),
    };
  });

function tableReport(table: ComparisonTable, cells: readonly Cell[]): TableReport {
  const {name, base, reference} = table;
  const groups = groupsOf(table, cells);
  const first = cells.find(isFinished);
  const toBaseline = verdictsAgainst(baseline, groups);
  const toReference = reference === undefined ? undefined : verdictsAgainst(reference, groups);
  return {
    name,
    measure: first?.measure ?? 'error',
    labelNoise: labelNoiseOf(base.data),
    ...(first ? {testExamples: first.testExamples} : {}),
    ...(reference === undefined ? {} : {reference}),
    rows: groups
      .filter(({finished}) => finished.length > 0)
      .map((group) => ({
        ...rowOf(group),
        ...only('againstBaseline', toBaseline.get(group.name)),
        ...only('againstReference', toReference?.get(group.name)),
      })),
    failures: groups.flatMap(({name, failed}) => {
      const [one] = failed;
      if (!one) return [];
      return [{name, seeds: failed.length, failure: `[${one.failure.where}] ${one.failure.message}`}];
    }),
  };
}

const only = <Key extends string, Value>(key: Key, value: Value | undefined): {readonly [K in Key]?: Value} =>
  (value === undefined ? {} : {[key]: value}) as {readonly [K in Key]?: Value};

const rowOf = ({name, finished}: Group): ComparisonRow => ({
  name,
  seeds: finished.length,
  validation: estimateOf(finished.map(({validationError}) => validationError)),
  test: estimateOf(finished.map(({testError}) => testError)),
  gap: mean(finished.map(({gap}) => gap)),
  seconds: mean(finished.map(({seconds}) => seconds)),
});

/**
 * Verdicts about test errors, which nothing was chosen by, paired by seed over those that all came to. What failed on some
 * seed has none: without the seeds that it could not do, it would look better than it is.
 */
function verdictsAgainst(other: string, groups: readonly Group[]): ReadonlyMap<string, Verdict> {
  const sound = groups.filter(
    ({finished, failed}) =>
      finished.length > 0 &&
      failed.length === 0 &&
      finished.every(({testError}) => Number.isFinite(testError)),
  );
  const base = sound.find(({name}) => name === other);
  const seeds = (base?.finished ?? [])
    .map(({seed}) => seed)
    .filter((seed) => sound.every(({finished}) => finished.some((cell) => cell.seed === seed)));
  const errors = ({finished}: Group): readonly number[] =>
    seeds.map((seed) => finished.find((cell) => cell.seed === seed)!.testError);
  const rows = sound
    .filter((group) => group !== base)
    .map((group) => ({name: group.name, errors: errors(group)}));
  if (!base || rows.length === 0 || seeds.length < 2) return new Map();
  return new Map(verdicts(rows, errors(base)).map((verdict) => [verdict.name, verdict]));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean, and s/√n with s² = Σ(x − x̄)²/(n − 1); 0 for a single value, which says nothing of its spread. */
function estimateOf(values: readonly number[]): Estimate {
  const n = values.length;
  const centre = mean(values);
  if (n < 2) return {mean: centre, standardError: 0};
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return {mean: centre, standardError: Math.sqrt(squares / (n - 1) / n)};
}
