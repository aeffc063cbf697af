import type {DataSet, Split, SplitName} from '../../data/data-set.ts';
import {portsOf} from '../../models/ports.ts';
import {modelSize} from '../../models/size.ts';
import type {Recipe} from '../../recipe.ts';
import type {LabPlugin} from '../../regularizers.ts';
import {dataFor, runRecipe} from '../../run.ts';
import type {OpenBackend} from './backend.ts';
import type {BackendName} from './protocol.ts';

const longest = 300; // milliseconds of measuring, after the first step
const mostSteps = 40;

/** What {@link stepsPerSecond} is told. */
export interface MeasureOptions {
  readonly data: DataSet;
  readonly plugins: readonly LabPlugin[];
  /** Ends it after the running step. */
  readonly signal: AbortSignal;
}

/**
 * How many steps of a recipe a backend takes in a second: some are taken, after a first that compiles.
 *
 * @returns undefined where it takes none: it lacks a kernel, or the recipe itself is refused
 */
export async function stepsPerSecond(
  recipe: Recipe,
  {catchUp}: OpenBackend,
  {data, plugins, signal}: MeasureOptions,
): Promise<number | undefined> {
  const enough = new AbortController();
  let steps = -1;
  let began = 0;
  let took = 0;
  try {
    await runRecipe(
      {...recipe, epochs: mostSteps},
      {
        data: fewOf(data, 8 * recipe.batchSize),
        plugins,
        signal: AbortSignal.any([signal, enough.signal]),
        onProgress: async () => {
          if (enough.signal.aborted) return;
          // Twice: the second waits for what was told before the first.
          await catchUp();
          if (++steps === 0) {
            await catchUp();
            began = performance.now();
          }
          took = performance.now() - began;
          if (steps < mostSteps && took < longest) return;
          await catchUp();
          took = performance.now() - began;
          enough.abort();
        },
      },
    );
  } catch {
    // Why, the run itself will say.
  }
  return steps > 0 && took > 0 ? (1000 * steps) / took : undefined;
}

/** The same data with the first training examples, and one to validate and to test on. */
function fewOf(data: DataSet, train: number): DataSet {
  const first = <Values extends Float32Array | Int32Array>(
    {size, x, y}: Split<Values>,
    most: number,
  ): Split<Values> => {
    const count = Math.min(size, most);
    const part = <All extends Float32Array | Int32Array>(all: All): All =>
      all.slice(0, (all.length / size) * count) as All;
    return {size: count, x: part(x), y: part(y)};
  };
  const few = <Values extends Float32Array | Int32Array>(
    splits: Record<SplitName, Split<Values>>,
  ): Record<SplitName, Split<Values>> => ({
    train: first(splits.train, train),
    validation: first(splits.validation, 1),
    test: first(splits.test, 1),
  });
  return data.kind === 'classification' ? {...data, ...few(data)} : {...data, ...few(data)};
}

/** A step of more multiplications than this takes seconds in plain JavaScript, and can't be ended. */
const mostOnCpu = 3e7;

/**
 * The backends that are worth a try for a recipe, those first that start soonest. Plain JavaScript is none for large
 * models, and convolutions have no gradient in wasm.
 */
export function candidatesOf(recipe: Recipe, data: DataSet): readonly BackendName[] {
  const {model, batchSize} = recipe;
  const {parameters, values} = modelSize(model, portsOf(dataFor(recipe, data)));
  const convolves = model.name === 'cnn' || model.name === 'residual';
  if (convolves) return ['webgl'];
  const work = batchSize * (parameters + values);
  return work < mostOnCpu ? ['cpu', 'wasm', 'webgl'] : ['wasm', 'webgl'];
}

/** Steps that a recipe's run takes, of one member. */
export const stepsOf = ({epochs, batchSize}: Recipe, {train}: DataSet): number =>
  epochs * Math.ceil(train.size / batchSize);
