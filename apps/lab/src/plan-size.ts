import {RegularizerError} from '@regularizers/core';
import {type DataSize, dataSize, valuesPerExample} from './data/size.ts';
import {modelSize} from './models/size.ts';
import type {Recipe} from './recipe-options.ts';
import {createRegularizers, type LabPlugin} from './regularizers.ts';

/** Bytes that a plan may come to, all of it together: what a browser's tab has to itself, and every machine. */
export const mostBytes: number = 4 * 2 ** 30;

/** Bytes that training takes, by what they are for. */
export interface PlanSize {
  /** The data set, on JavaScript's side and on the backend's. */
  readonly data: number;
  /** Weights: those in training, with gradients, the optimizer's state and what plugins keep; those of each member. */
  readonly weights: number;
  /** What layers compute for a batch, and its gradients. */
  readonly batch: number;
  /** The rows of the history. */
  readonly history: number;
}

const perNumber = 4;
const perRow = 400; // of the history: an epoch's numbers as an object
/** Optimizer's numbers per weight. */
const slots: Readonly<Record<Recipe['optimizer']['name'], number>> = {sgd: 0, momentum: 1, adam: 2};

/**
 * Estimates what training a recipe takes, from its numbers alone: nothing is made. Where the size of the data is not known
 * yet, only the history counts.
 *
 * @param recipe a parsed recipe
 * @param plugins what is loaded beside the lab's own packages
 * @param data the size of its data, where that is known from elsewhere
 */
export function planSize(
  recipe: Recipe,
  plugins: readonly LabPlugin[] = [],
  data: DataSize | undefined = dataSize(recipe.data),
): PlanSize {
  const {model, optimizer, epochs, batchSize, evaluation} = recipe;
  if (!data)
    return {data: 0, weights: 0, batch: 0, history: perRow * epochs * setsOf(recipe, plugins).members};
  const isMirror = model.name === 'autoencoder';
  const {parameters, values} = modelSize(model, {...data, kind: isMirror ? 'autoencoding' : data.kind});
  const example = isMirror ? 2 * valuesPerExample(data) : valuesPerExample(data);
  const {members, keeps} = setsOf(recipe, plugins);
  const trained = Math.min(batchSize, data.examples) * 3; // a value, its gradient and one on the way
  const evaluated = Math.min(evaluation.batchSize, data.examples);
  return {
    data: 2 * perNumber * data.examples * example,
    // In training: the weights, their gradients and the next ones, the optimizer's, what plugins keep. And each member's.
    weights: perNumber * parameters * (3 + slots[optimizer.name] + keeps + members),
    batch: perNumber * Math.max(trained, evaluated) * (values + example),
    history: perRow * epochs * members,
  };
}

/** Sets of weights: those of members, and those that plugins keep in training. */
function setsOf(
  {regularizers}: Recipe,
  loaded: readonly LabPlugin[],
): {readonly members: number; readonly keeps: number} {
  const plugins = createRegularizers(regularizers, loaded);
  return {
    members: Math.max(1, ...plugins.map(({members = 1}) => members)),
    keeps: plugins.reduce((sum, {keeps = 0}) => sum + keeps, 0),
  };
}

/** What to lower, where a part is the largest. */
const remedies: Readonly<Record<keyof PlanSize, string>> = {
  data: 'Lower data.train, data.validation or data.test.',
  weights: 'Lower the widths of the model, its layers, or the members of an ensemble.',
  batch: 'Lower batchSize, evaluation.batchSize or the widths of the model.',
  history: 'Lower epochs, the members of an ensemble or the number of seeds.',
};

/**
 * Refuses a recipe that would take more memory than {@link mostBytes}, before any of it is taken: recipes come in
 * links, too.
 *
 * @param recipe a parsed recipe
 * @param plugins what is loaded beside the lab's own packages
 * @param data the size of its data, where that is known from elsewhere
 * @throws RegularizerError with code `too-large`
 */
export function checkPlanSize(recipe: Recipe, plugins: readonly LabPlugin[] = [], data?: DataSize): void {
  refuse(planSize(recipe, plugins, data));
}

/**
 * Refuses a comparison whose runs keep more than {@link mostBytes} together. Runs follow each other, so that only their
 * histories add up.
 *
 * @param recipes one of each entry
 * @param seeds how often each is run
 * @param plugins what is loaded beside the lab's own packages
 * @throws RegularizerError with code `too-large`
 */
export function checkComparisonSize(
  recipes: readonly Recipe[],
  seeds: number,
  plugins: readonly LabPlugin[] = [],
): void {
  const sizes = recipes.map((recipe) => planSize(recipe, plugins));
  const largest = sizes.reduce((a, b) => (total(a) > total(b) ? a : b));
  const history = seeds * sizes.reduce((sum, size) => sum + size.history, 0);
  refuse({...largest, history});
}

function refuse(size: PlanSize): void {
  if (total(size) <= mostBytes) return;
  const parts = (Object.entries(size) as [keyof PlanSize, number][]).sort(([, a], [, b]) => b - a);
  const listed = parts.map(([name, bytes]) => `${name} ${gigabytes(bytes)}`).join(', ');
  throw new RegularizerError({
    where: 'recipe',
    code: 'too-large',
    message: `training it would take about ${gigabytes(total(size))} of memory (${listed}); the most is ${gigabytes(mostBytes)}`,
    hint: remedies[parts[0]![0]],
  });
}

const total = ({data, weights, batch, history}: PlanSize): number => data + weights + batch + history;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(2)} GiB`;
