import type {Point} from '../space/parameter.ts';
import type {Part} from '../space/part.ts';
import {meanOf} from '../statistics/paired.ts';
import {type Verdict, verdicts} from '../statistics/verdicts.ts';
import type {Pool} from './pool.ts';
import {bestOf, type Raced, without} from './stages.ts';

/** One row of the report, over seeds that the search has not trained on. */
export interface ReportRow {
  /** `winner`, a technique's name, or `without l2`. */
  readonly name: string;
  /** The technique's family, of a technique alone. */
  readonly family?: string;
  readonly point: Point;
  /** Means over the report's seeds that did not fail. */
  readonly validation: number | null;
  readonly test: number | null;
  /** Against the baseline; of what the winner lacks in `without …`, against the winner. Undefined where runs failed. */
  readonly verdict: Verdict | undefined;
}

/** Error over a technique's strengths, on the seeds of the search. */
export interface StrengthCurve {
  readonly name: string;
  /** Which option, such as `l2.strength`; undefined where the technique has none to tune. */
  readonly parameter: string | undefined;
  readonly points: readonly {readonly value: unknown; readonly errors: readonly (number | null)[]}[];
}

/** What a search comes to: plain JSON. */
export interface SearchResult {
  /** What errors are that verdicts are about: of test examples where there are any. */
  readonly judgedBy: 'test' | 'validation';
  readonly winner: Point;
  readonly baseline: ReportRow;
  /** The winner first, then each technique alone at its best strength, or the best of each family. */
  readonly rows: readonly ReportRow[];
  /** The winner without each of its parts: what hurts when it is left out contributes. */
  readonly leftOut: readonly ReportRow[];
  readonly curves: readonly StrengthCurve[];
  /** Techniques that do not go with the model or the data, or that failed at every strength, and why. */
  readonly refused: readonly {readonly name: string; readonly why: string}[];
  /** Techniques that the budget did not reach. */
  readonly untried: readonly string[];
  /** Settings that the budget left no time to tune for the baseline: it has them as they were, and so have techniques alone. */
  readonly untuned: readonly string[];
  /** What a person wants to read. */
  readonly sentences: readonly string[];
  readonly trials: number;
  readonly seeds: readonly number[];
}

/** What is reported on. */
export interface Candidates {
  readonly baseline: Point;
  readonly winner: Point;
  readonly alone: readonly Alone[];
}

/** What came of a technique by itself. */
export interface Alone {
  readonly part: Part;
  /** At the baseline's settings, over its strengths. */
  readonly curve: readonly Raced[];
  /** At its best strength, over settings. */
  readonly settings: readonly Raced[];
}

/** The best of a technique by itself. */
export const bestAlone = ({curve, settings}: Alone): Raced | undefined => bestOf([...curve, ...settings]);

interface Row {
  readonly name: string;
  readonly family?: string;
  readonly point: Point;
}

/** All rows that a report trains: what it will cost is known before. */
export function rowsOf(
  {baseline, winner, alone}: Candidates,
  parts: readonly Part[],
  of: 'techniques' | 'families' = 'techniques',
): readonly (readonly Row[])[] {
  const on = parts.filter(({name}) => winner[name] === true);
  const isSame = (point: Point): boolean => JSON.stringify(sorted(point)) === JSON.stringify(sorted(winner));
  const singles = (of === 'families' ? bestOfFamilies(alone) : alone).flatMap((one) => {
    const best = bestAlone(one);
    return best ? [{name: one.part.name, family: familyOf(one), point: best.point}] : [];
  });
  return [
    [{name: 'baseline', point: baseline}],
    [
      ...(on.length > 0 ? [{name: 'winner', point: winner}] : []),
      ...singles.filter(({point}) => on.length !== 1 || !isSame(point)),
    ],
    on.length > 1 ? on.map(({name}) => ({name: `without ${name}`, point: without(winner, name)})) : [],
  ];
}

export const familyOf = ({part}: Pick<Alone, 'part'>): string => part.technique.family;

/** Of each family the technique with the least error among those that went on longest, in the order of the families. */
export function bestOfFamilies(alone: readonly Alone[]): readonly Alone[] {
  const families = [...new Set(alone.map(familyOf))];
  return families.flatMap((family) => {
    const own = alone.filter((one) => familyOf(one) === family);
    const best = bestOf(own.flatMap((one) => bestAlone(one) ?? []));
    return own.filter((one) => best && bestAlone(one) === best).slice(0, 1);
  });
}

const sorted = (point: Point): unknown => Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1));

/** Trains all rows on the report's seeds, and judges them. */
export async function judge(
  pool: Pool,
  rows: readonly (readonly Row[])[],
  {seeds, heldOut}: {readonly seeds: readonly number[]; readonly heldOut: number},
): Promise<Pick<SearchResult, 'judgedBy' | 'baseline' | 'rows' | 'leftOut'>> {
  // Seed by seed, so that what there is can be compared at any moment.
  await pool.evaluate(seeds.flatMap((seed) => rows.flat().map(({point}) => ({point, seed}))));
  const outcomes = ({point}: Row) => seeds.map((seed) => pool.outcomeOf({point, seed})!);
  const judgedBy = rows
    .flat()
    .every((row) => outcomes(row).every(({validation, test}) => validation === null || test !== undefined))
    ? 'test'
    : 'validation';
  const errorsOf = (row: Row): readonly (number | null)[] =>
    outcomes(row).map((one) => (one.validation === null ? null : (one[judgedBy] ?? null)));
  const meanBy = (row: Row, by: 'validation' | 'test'): number | null => {
    const found = outcomes(row).flatMap((one) =>
      one.validation === null || one[by] == null ? [] : [one[by]],
    );
    return found.length === 0 ? null : meanOf(found);
  };
  const isWhole = (errors: readonly (number | null)[]): errors is readonly number[] =>
    errors.every((error) => error !== null);
  const against = (group: readonly Row[], other: Row | undefined): readonly ReportRow[] => {
    const base = other ? errorsOf(other) : [];
    const whole = group.flatMap((row) => {
      const errors = errorsOf(row);
      return isWhole(errors) ? [{name: row.name, errors}] : [];
    });
    const found =
      whole.length > 0 && base.length > 0 && isWhole(base) ? verdicts(whole, base, {heldOut}) : [];
    return group.map((row) => ({
      ...row,
      validation: meanBy(row, 'validation'),
      test: meanBy(row, 'test'),
      verdict: found.find(({name}) => name === row.name),
    }));
  };
  const [[baseline], table = [], leftOut = []] = rows as [[Row], ...(readonly Row[])[]];
  const winner = table.find(({name}) => name === 'winner');
  return {
    judgedBy,
    baseline: against([baseline], undefined)[0]!,
    rows: against(table, baseline),
    leftOut: against(leftOut, winner),
  };
}

/** Curves as data. */
export const curvesOf = (alone: Candidates['alone']): readonly StrengthCurve[] =>
  alone.map(({part, curve}) => {
    const parameter = part.strength?.key ?? part.parameters.find(({search}) => 'values' in search)?.key;
    return {
      name: part.name,
      parameter,
      points: curve.map(({point, errors}) => ({
        value: parameter === undefined ? true : point[parameter],
        errors: errors.map((error) => (Number.isFinite(error) ? error : null)),
      })),
    };
  });
