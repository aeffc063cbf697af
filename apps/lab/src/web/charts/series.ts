import type {EpochReport} from '@regularizers/core';
import {byMember} from '../../compare.ts';
import type {Recipe} from '../../recipe.ts';
import {labelOf} from '../draft.ts';
import {colourOf, type EndedRun, type PageState, type RunningRun} from '../state.ts';

/** What a chart shows. */
export type Quantity = 'loss' | 'error';

/** Training or validation. */
export type Side = 'train' | 'validation';

/** One line of a chart. */
export interface Line {
  readonly label: string;
  readonly side: Side;
  readonly colour: number;
  /** The run that trains, or else the newest one. */
  readonly isLatest: boolean;
  readonly points: readonly (readonly [epoch: number, value: number])[];
}

/** What uPlot draws: the epochs, then a row of values per line. */
export type Aligned = [number[], ...(number | null)[][]];

const sides: readonly Side[] = ['train', 'validation'];

/** The runs whose curves are drawn, the latest last so that it lies on top. */
export function drawnRuns({
  running,
  runs,
}: Pick<PageState, 'running' | 'runs'>): readonly (RunningRun | EndedRun)[] {
  const shown = runs.filter((run) => run.shown).reverse();
  return running ? [...shown, running] : shown;
}

/** The lines of runs: for each of an ensemble's members, training and validation. */
export function linesOf(runs: readonly (RunningRun | EndedRun)[], quantity: Quantity): readonly Line[] {
  return runs.flatMap((run, index) =>
    byMember(run.history).flatMap((history) =>
      sides.map((side) => ({
        label: labelOf(run.recipe),
        side,
        colour: colourOf(run),
        isLatest: index + 1 === runs.length,
        points: history.flatMap((report) => pointsAt(report, side, quantity)),
      })),
    ),
  );
}

/** The lines on one axis of epochs. */
export function align(lines: readonly Line[]): Aligned {
  const epochs = [...new Set(lines.flatMap(({points}) => points.map(([epoch]) => epoch)))].sort(
    (a, b) => a - b,
  );
  const rows = lines.map(({points}) => {
    const values = new Map(points);
    return epochs.map((epoch) => values.get(epoch) ?? null);
  });
  return [epochs, ...rows];
}

/** Partial reports, of an epoch that isn't at its end, have no place on the axis. */
function pointsAt(report: EpochReport, side: Side, quantity: Quantity): readonly [number, number][] {
  const part = report[side];
  const accuracy = part?.['accuracy'];
  const value = quantity === 'loss' ? part?.loss : accuracy === undefined ? undefined : 1 - accuracy;
  return value === undefined || !Number.isFinite(value) || report.partial ? [] : [[report.epoch, value]];
}

/** False where all that is drawn, or else the recipe, predicts values: then loss is all there is. */
export function hasErrorCurve(state: Pick<PageState, 'running' | 'runs' | 'recipe'>): boolean {
  const drawn = drawnRuns(state).map(({recipe}) => recipe);
  const recipes = drawn.length > 0 ? drawn : state.recipe ? [state.recipe] : [];
  return recipes.length === 0 || recipes.some(isClassification);
}

const isClassification = ({data, model}: Recipe): boolean =>
  model.name !== 'autoencoder' && data.name !== 'wave' && data.name !== 'adding';
