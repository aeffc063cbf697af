import {
  type AnalyticPenalty,
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Selector,
  type SetupContext,
  sameShape,
  showShape,
  type Technique,
  type Tensors,
  type WeightInfo,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  checkGroupOptions,
  type Grouping,
  type GroupOptions,
  groupOptions,
  type WeightGroup,
  weightGroups,
} from './groups.ts';
import {present, theWeight} from './weights.ts';

/** Two weights that are drawn together; a frozen one draws the other without moving. */
export type SoftSharePair = readonly [Selector<WeightInfo>, Selector<WeightInfo>];

/** Options of {@link softShare}: `pairs`, or groups (`layers`, `include`) of which every pair counts. */
export interface SoftShareOptions<Name extends string = string> extends GroupOptions, Named<Name> {
  /** a, in [0, ∞). @defaultValue 1e-4 */
  readonly strength?: number;
  /** The pairs, where not every pair of a group is meant. */
  readonly pairs?: readonly SoftSharePair[];
}

const weight = option.anyWeights({about: 'One weight.'});

const described = {
  strength: option.number({
    min: 0,
    default: 1e-4,
    nothing: 0,
    about: 'Strength a of (a/2)·‖difference‖² of each pair.',
    search: {from: 1e-6, to: 1e-1, scale: 'log'},
  }),
  pairs: option.list<readonly SoftSharePair[]>(
    option.list<SoftSharePair>(weight)({about: 'Two weights.', length: 2}),
  )({
    about: 'The pairs, where not every pair of a group is meant.',
    otherwise: 'every pair',
    least: 1,
    rare: true,
  }),
  ...groupOptions,
} satisfies OptionsOf<SoftShareOptions>;

/** What `softShare` works out from the model. */
export interface SoftSharePlan {
  readonly groups: readonly WeightGroup[];
}

/** A penalty on weights of one shape, and its gradients. */
export interface SoftSharePenalty {
  readonly value: tf.Scalar;
  /** One per weight, in order. */
  readonly gradients: readonly tf.Tensor[];
}

/**
 * The soft-sharing penalty of weights w₁ … wₖ over all pairs.
 *
 * (a/2)Σ_{i<j}‖wᵢ − wⱼ‖² = (a·k/2)Σᵢ‖wᵢ − w̄‖², and its gradient a·k·(wᵢ − w̄)
 *
 * The right-hand form takes k differences in place of k(k−1)/2, and loses no digits where the weights are close.
 *
 * @param weights k ≥ 2 tensors of one shape
 * @param strength a, in [0, ∞)
 *
 * @example
 * ```ts
 * softSharePenalty([tf.scalar(3), tf.scalar(1)], 0.5).value; // 0.25 · (3 − 1)² = 1
 * ```
 */
export function softSharePenalty(weights: readonly tf.Tensor[], strength: number): SoftSharePenalty {
  return computed('softSharePenalty', {weights, strength}, () => {
    const [first, second] = weights;
    if (weights.length === 2 && first !== undefined && second !== undefined) {
      const difference = tf.sub(first, second);
      const gradient = tf.mul(difference, strength);
      return {value: halfSquares(difference, strength), gradients: [gradient, tf.neg(gradient)]};
    }
    const stacked = tf.stack([...weights]);
    const away = tf.sub(stacked, tf.mean(stacked, 0, true));
    const scale = strength * weights.length;
    return {value: halfSquares(away, scale), gradients: tf.unstack(tf.mul(away, scale))};
  });
}

/** (scale/2)‖x‖². */
function halfSquares(x: tf.Tensor, scale: number): tf.Scalar {
  return tf.mul<tf.Scalar>(tf.sum(tf.square(x)), scale / 2);
}

/**
 * Soft parameter sharing: weights are drawn together by a penalty, and may differ where the data ask for it.
 *
 * penalty = (a/2)Σ‖wᵢ − wⱼ‖² over the chosen pairs; gradient in wᵢ: a·Σⱼ(wᵢ − wⱼ)
 *
 * The gradient is added in closed form, so nothing is taped. Strength 0 is nothing; as it grows, the weights
 * approach {@link share}d ones.
 *
 * @param options the strength, and which weights: `pairs`, `layers` or `include`
 * @throws RegularizerError if the strength is negative, or the weights do not correspond or differ in shape
 *
 * @example
 * ```ts
 * softShare({strength: 1e-3, layers: ['taskA/hidden', 'taskB/hidden']});
 * softShare({strength: 1e-3, pairs: [['student/kernel', 'teacher/kernel']]});
 * ```
 *
 * @see Caruana 1993, Multitask Learning: A Knowledge-Based Source of Inductive Bias
 * @see Duong, Cohn, Bird & Cook 2015, Low Resource Dependency Parsing: Cross-lingual Parameter Sharing in a Neural
 *   Network Parser, section 3, https://aclanthology.org/P15-2139
 */
export function softShare<const Name extends string = 'softShare'>(
  options: SoftShareOptions<Name>,
): Regularizer<Name, SoftSharePlan, null> {
  const {name, settings, strength, ...which} = readTechnique('softShare', options, described);
  checkWhich(name, which);
  const {pairs, ...grouping} = which;
  return defineRegularizer<Name, SoftSharePlan, null>({
    name,
    settings,
    setup: (context) => {
      const groups = pairs
        ? pairs.map((pair) => findPair(name, pair, context))
        : weightGroups(name, grouping, context);
      return strength === 0 ? {idle: true, plan: {groups}} : {plan: {groups}};
    },
    penalty: ({weights}, {plan}) => penaltyOf(plan.groups, weights, strength),
  });
}

function checkWhich(where: string, {pairs, ...grouping}: Grouping & Pick<SoftShareOptions, 'pairs'>): void {
  if (pairs === undefined) {
    checkGroupOptions(where, grouping);
  } else if (grouping.layers !== undefined || grouping.include !== undefined) {
    throw new RegularizerError({
      where,
      code: 'bad-pairs',
      message: 'pairs cannot go with layers or include',
      option: 'pairs',
    });
  }
}

function findPair(where: string, pair: SoftSharePair, context: SetupContext): WeightGroup {
  const [first, second] = pair.map((selector) =>
    theWeight(context, {where, path: 'pairs', described: weight, selector}),
  );
  if (first !== undefined && second !== undefined && sameShape(first.shape, second.shape))
    return [first, second];
  throw new RegularizerError({
    where,
    code: 'shape-mismatch',
    message: `the pair ${first?.name} ${showShape(first?.shape ?? [])} and ${second?.name} ${showShape(second?.shape ?? [])} differ in shape`,
  });
}

function penaltyOf(groups: readonly WeightGroup[], weights: Tensors, strength: number): AnalyticPenalty {
  const values: tf.Scalar[] = [];
  const gradients: Record<string, tf.Tensor> = {};
  for (const group of groups) {
    const penalty = softSharePenalty(
      group.map(({name}) => present(weights, name)),
      strength,
    );
    values.push(penalty.value);
    group.forEach(({name, role}, index) => {
      const gradient = penalty.gradients[index];
      if (gradient === undefined || role === 'frozen' || role === 'statistic') return;
      gradients[name] = gradients[name] === undefined ? gradient : tf.add(gradients[name], gradient);
    });
  }
  return {value: tf.addN(values), gradients};
}

/** What {@link softShare} says of itself. */
export const softShareTechnique: Technique = defineTechnique({
  name: 'softShare',
  title: 'Soft sharing',
  family: 'sharing',
  about: 'Draws weights of one shape towards each other.',
  options: described,
  example: {layers: ['block1_conv1', 'block1_conv2']},
  trials: [
    {options: {strength: 0.1, layers: ['block1_dense', 'block2_dense']}, on: ['residual']},
    {options: {strength: 0.1, layers: ['hidden1', 'hidden2']}, on: ['composite']},
  ],
  create: softShare,
});
