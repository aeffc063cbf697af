import {choosing} from '../description/choose.ts';
import {anyWeights, type SelectorOption} from '../description/option.ts';
import type {Selector} from '../description/selector.ts';
import type {Tensors, WeightInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import type {ModelAdapter} from './adapter.ts';

/**
 * Where members start.
 *
 * - `model`: all of them from the model's own weights, so that only their data and draws differ
 * - `seed`: all of them from new weights, drawn from the seed by the layers' own initializers, which are the same on
 *   every backend
 * - `first`: the first from the model's own, the others from new ones
 * - `{fresh}`: all of them from the model's own, but for the weights that are selected, such as those of a new head,
 *   which are drawn for each member
 */
export type InitialWeights = 'model' | 'seed' | 'first' | {readonly fresh: Selector<WeightInfo>};

/** The option `initialWeights.fresh`: statistics can be chosen too. */
export const freshOption: SelectorOption<WeightInfo> & {readonly required: true} = anyWeights({
  required: true,
  about: 'Weights that are drawn for each member.',
});

/** True where a member after the first starts from what the model holds when it begins. */
export function startsFromModel(how: InitialWeights): boolean {
  return how === 'model' || typeof how === 'object';
}

/**
 * The weights that a member starts from, which are the caller's.
 *
 * @throws RegularizerError with code `nothing-selected` or `unknown-initializer`
 */
export function initialWeightsOf(
  adapter: ModelAdapter,
  how: InitialWeights,
  seed: number,
  member: number,
): Tensors {
  if (how === 'model' || (how === 'first' && member === 0)) return adapter.read();
  if (typeof how === 'string') return adapter.fresh(seed, member);
  const movable = adapter.weights.filter(({role}) => role !== 'frozen');
  const choose = choosing('trainer', 'initialWeights.fresh', freshOption, how.fresh);
  const chosen = choose({weights: movable, sites: [], inputs: [], outputs: []});
  return adapter.fresh(seed, member, new Set(chosen.map(({name}) => name)));
}

/**
 * Refuses to draw new weights for the members after the first where the model's have been trained, or loaded.
 *
 * @throws RegularizerError with code `pretrained-weights`
 */
export async function refusePretrained(adapter: ModelAdapter): Promise<void> {
  const trained = await adapter.findTrained();
  if (trained === undefined) return;
  throw new RegularizerError({
    where: 'trainer',
    code: 'pretrained-weights',
    message: `members after the first would start from new weights, and what the model has learnt be thrown away: ${trained} is not what its initializer gives`,
    hint: "Pass initialWeights: 'model' to start all members from the model's weights, {fresh: 'head/**'} to do so with a new head for each, or 'first' if new weights are meant.",
    option: 'initialWeights',
    allowed: {enum: ['model', 'seed', 'first', {fresh: 'head/**'}]},
  });
}
