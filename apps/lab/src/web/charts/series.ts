import type {EpochReport} from '@regularizers/core';
import {byMember} from '../../histories.ts';
import type {Recipe} from '../../recipe.ts';
import {labelOf} from '../draft.ts';
import {rowsOf} from '../runs/rows.ts';
import {spreadOf} from '../runs/spread.ts';
import type {PageState} from '../state.ts';

/** What a chart shows. */
export type Quantity = 'loss' | 'error';

/** Training as it was trained, validation, or training as it is evaluated after the end. */
export type Side = 'train' | 'validation' | 'evaluated';

/** Values by epoch. */
export type Points = readonly (readonly [epoch: number, value: number])[];

/** One line of a chart: of several seeds or members the mean, and the band that they lie in. */
export interface Line {
  /** The row of the table that it belongs to. */
  readonly key: string;
  readonly label: string;
  readonly side: Side;
  readonly colour: number;
  /** The run that trains, or else the newest row. */
  readonly isLatest: boolean;
  readonly points: Points;
  readonly low?: Points;
  readonly high?: Points;
}

/** What uPlot draws: the epochs, then a row of values per line, or three where the line has a band. */
export type Aligned = [number[], ...(number | null)[][]];

/** What is drawn of one row: its recipe and the histories of its seeds and members. */
export interface Drawn {
  readonly key: string;
  readonly recipe: Recipe;
  readonly colour: number;
  readonly histories: readonly (readonly EpochReport[])[];
  /** Training loss and accuracy at the end, per seed. */
  readonly evaluated: readonly {readonly loss: number; readonly accuracy?: number}[];
  /** Epochs asked for, while it trains. */
  readonly asked?: number;
}

/** The rows whose curves are drawn, the latest last so that it lies on top. */
export function drawnRows({running, runs}: Pick<PageState, 'running' | 'runs'>): readonly Drawn[] {
  const shown = rowsOf(runs)
    .filter((row) => row.shown)
    .reverse()
    .map(({key, recipe, colour, runs: its}) => ({
      key,
      recipe,
      colour,
      histories: its.flatMap(({history}) => byMember(history)),
      evaluated: its.flatMap(({report}) => (report ? [report.train] : [])),
    }));
  if (!running) return shown;
  const {recipe, colour, history, key} = running;
  return [...shown, {key, recipe, colour, histories: byMember(history), evaluated: [], asked: recipe.epochs}];
}

/** The lines of what is drawn. */
export function linesOf(drawn: readonly Drawn[], quantity: Quantity): readonly Line[] {
  return drawn.flatMap(({key, recipe, colour, histories, evaluated}, index) => {
    const base = {key, label: labelOf(recipe), colour, isLatest: index + 1 === drawn.length};
    const sides = (['train', 'validation'] as const).map(
      (side): Line => ({...base, side, ...averaged(histories, side, quantity)}),
    );
    const at = lastEpoch(histories);
    const end = spreadOf(evaluated.flatMap((report) => valueIn(report, quantity) ?? []));
    return end && at > 0
      ? [...sides, {...base, side: 'evaluated' as const, points: [[at, end.mean] as const]}]
      : sides;
  });
}

/** The last epoch that any of some histories has. */
export const lastEpoch = (histories: readonly (readonly EpochReport[])[]): number =>
  histories.flat().reduce((most, {epoch}) => Math.max(most, epoch), 0);

/** The mean of several histories at each epoch, of those that have come so far, and the band that they lie in. */
function averaged(
  histories: readonly (readonly EpochReport[])[],
  side: 'train' | 'validation',
  quantity: Quantity,
): Pick<Line, 'points' | 'low' | 'high'> {
  const byEpoch = new Map<number, number[]>();
  for (const [epoch, value] of histories.flat().flatMap((report) => pointsAt(report, side, quantity))) {
    const values = byEpoch.get(epoch);
    if (values) values.push(value);
    else byEpoch.set(epoch, [value]);
  }
  const epochs = [...byEpoch].sort(([a], [b]) => a - b);
  const points = epochs.map(([epoch, values]) => [epoch, spreadOf(values)!.mean] as const);
  if (histories.length < 2) return {points};
  return {
    points,
    low: epochs.map(([epoch, values]) => [epoch, Math.min(...values)]),
    high: epochs.map(([epoch, values]) => [epoch, Math.max(...values)]),
  };
}

/** The lines on one axis of epochs: of each its values, then those above and below where it has a band. */
export function align(lines: readonly Line[]): Aligned {
  const epochs = [...new Set(lines.flatMap(({points}) => points.map(([epoch]) => epoch)))].sort(
    (a, b) => a - b,
  );
  const rows = lines.flatMap((line) =>
    rowsIn(line).map((points) => {
      const values = new Map(points);
      return epochs.map((epoch) => values.get(epoch) ?? null);
    }),
  );
  return [epochs, ...rows];
}

/** The rows of values that a line takes. */
export const rowsIn = ({points, low, high}: Line): readonly Points[] =>
  low && high ? [points, high, low] : [points];

/** Partial reports, of an epoch that isn't at its end, have no place on the axis. */
function pointsAt(
  report: EpochReport,
  side: 'train' | 'validation',
  quantity: Quantity,
): readonly [number, number][] {
  const value = valueIn(report[side], quantity);
  return value === undefined || report.partial ? [] : [[report.epoch, value]];
}

function valueIn(
  part: {readonly loss: number; readonly accuracy?: number | undefined} | undefined,
  quantity: Quantity,
): number | undefined {
  const accuracy = part?.accuracy;
  const value = quantity === 'loss' ? part?.loss : accuracy === undefined ? undefined : 1 - accuracy;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** False where all that is drawn, or else what is planned, predicts values: then loss is all there is. */
export function hasErrorCurve(state: Pick<PageState, 'running' | 'runs' | 'plan'>): boolean {
  const reports = drawnRows(state).flatMap(({histories}) => histories.flatMap(([first]) => first ?? []));
  if (reports.length === 0) return state.plan?.measure !== 'loss';
  return reports.some(({train}) => train['accuracy'] !== undefined);
}
