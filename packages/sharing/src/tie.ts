import {
  checkRecord,
  computed,
  defineRegularizer,
  defineTechnique,
  looking,
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
  type WeightInfo,
  type WithDefaults,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {savedParameters} from './parameters.ts';
import {checkDerivable, present, theWeight} from './weights.ts';

/**
 * How a tied weight follows from the other one.
 *
 * - `same`: it is the other weight
 * - `transpose`: the last two axes swapped, so a matrix is transposed, and a convolution's kernel changes its
 *   input channels for its output channels
 * - a function: any differentiable tfjs expression; pure, synchronous
 */
export type TieBy = 'same' | 'transpose' | ((source: tf.Tensor) => tf.Tensor);

/** One weight that is a function of another. */
export interface TiePair {
  /** The weight that stops being trained: a name, or a glob or predicate that fits one weight. */
  readonly weight: Selector<WeightInfo>;
  /** The weight that it is a function of: a trained or frozen one, or one that another regularizer derives. */
  readonly to: Selector<WeightInfo>;
  /** @defaultValue 'same' */
  readonly by?: TieBy;
}

/** Options of {@link tie}: one pair, or a list of them. */
export type TieOptions<Name extends string = string> =
  | (TiePair & {readonly pairs?: never; readonly name?: Name})
  | {
      readonly pairs: readonly TiePair[];
      /** @defaultValue 'tie' */
      readonly name?: Name;
    };

/** Every option of {@link tie}, whichever way it is called. */
interface AnyTieOptions<Name extends string = string> extends Named<Name>, Partial<TiePair> {
  readonly pairs?: readonly TiePair[];
}

const by = option.oneOf<TieBy>(
  option.choice(['same', 'transpose'], {about: 'The other weight, or its last two axes swapped.'}),
  option.callback<(source: tf.Tensor) => tf.Tensor>()({about: 'Any differentiable expression.'}),
)({about: 'How the one follows from the other.', otherwise: 'same'});

const weightAbout = 'The weight that stops being trained.';
const toAbout = 'The weight that it is a function of.';

const pairOptions = {
  weight: option.anyWeights({about: weightAbout, required: true}),
  to: option.anyWeights({about: toAbout, required: true}),
  by,
} satisfies OptionsOf<TiePair>;

const described = {
  weight: option.anyWeights({about: weightAbout}),
  to: option.anyWeights({about: toAbout}),
  by,
  pairs: option.list<readonly TiePair[]>(option.record<TiePair>(pairOptions)({about: 'One pair.'}))({
    about: 'In place of one pair: a list of them.',
    rare: true,
    least: 1,
  }),
} satisfies OptionsOf<AnyTieOptions>;

/** A pair whose weights are found. */
export interface ResolvedTie {
  readonly weight: WeightInfo;
  readonly to: WeightInfo;
  readonly by: TieBy;
}

/** What `tie` works out from the model. */
export interface TiePlan {
  readonly pairs: readonly ResolvedTie[];
  /** Parameters that are no longer trained. */
  readonly savedParameters: number;
}

/**
 * The value of a tied weight.
 *
 * W = V, W = Vᵀ, or W = f(V)
 *
 * @param source V, any shape; rank ≥ 2 for `'transpose'`
 * @param by how W follows from V
 *
 * @example
 * ```ts
 * tiedWeight(tf.zeros([784, 32]), 'transpose').shape; // [32, 784]
 * ```
 */
export function tiedWeight(source: tf.Tensor, by: TieBy): tf.Tensor {
  if (typeof by === 'function') return by(source);
  return computed('tiedWeight', {source, by}, () =>
    by === 'same' ? source : tf.transpose(source, swapLastTwo(source.rank)),
  );
}

function swapLastTwo(rank: number): number[] {
  const axes = Array.from({length: rank}, (_, axis) => axis);
  return [...axes.slice(0, -2), rank - 1, rank - 2];
}

/**
 * Ties weights: one weight is a function of another, and is not trained itself.
 *
 * W_dec = W_encᵀ; ∂L/∂W_enc is the sum of the gradients of both uses, which autodiff does:
 * for outputs Wᵀ(W x), ∂L/∂W = (use as encoder) + (use as decoder)ᵀ.
 *
 * The tied weight is neither penalized nor decayed nor averaged, for it is not a weight of its own any more, and
 * the model that `fit` leaves holds its value as a plain weight.
 *
 * @param options one pair `{weight, to, by}`, `{pairs: [...]}`, or a list of pairs
 * @throws RegularizerError if a weight is not found, two weights are named at once, the shapes do not fit, the tied
 *   weight is not trained, or a weight is tied to one that is tied itself
 *
 * @example
 * ```ts
 * tie({weight: 'decoder/kernel', to: 'encoder/kernel', by: 'transpose'});
 * tie([
 *   {weight: 'output/kernel', to: 'embedding/embeddings', by: 'transpose'},
 *   {weight: 'right/kernel', to: 'left/kernel'},
 * ]);
 * ```
 *
 * @see Vincent, Larochelle, Lajoie, Bengio & Manzagol 2010, Stacked Denoising Autoencoders, section 2.2,
 *   https://www.jmlr.org/papers/v11/vincent10a.html
 * @see Press & Wolf 2017, Using the Output Embedding to Improve Language Models, https://arxiv.org/abs/1608.05859
 */
export function tie<const Name extends string = 'tie'>(
  options: TieOptions<Name> | readonly TiePair[],
): Regularizer<Name, TiePlan, null> {
  const {name, settings, ...read} = readTechnique<Name, AnyTieOptions<Name>, typeof described>(
    'tie',
    isList(options) ? {pairs: options} : options,
    described,
  );
  const pairs = pairsOf(name, read);
  return defineRegularizer<Name, TiePlan, null>({
    name,
    settings,
    setup: (context) => {
      const resolved = pairs.map((pair) => resolve(name, pair, context));
      checkUnchained(name, resolved);
      return {
        plan: {
          pairs: resolved,
          savedParameters: savedParameters({derived: resolved.map(({weight}) => weight)}),
        },
        derived: resolved.map(({weight, to}) => ({name: weight.name, from: [to.name]})),
      };
    },
    derive: (weights, plan) =>
      Object.fromEntries(
        plan.pairs.map(({weight, to, by}) => [weight.name, tiedWeight(present(weights, to.name), by)]),
      ),
  });
}

/** One pair is a list of one; a list alone is `pairs`. */
function pairsOf(
  where: string,
  {pairs, weight, to, by}: WithDefaults<AnyTieOptions, typeof described>,
): readonly TiePair[] {
  if (pairs === undefined) {
    // Checked again as a pair, since a pair alone may not leave out what a list makes needless.
    const pair = {weight: weight?.given, to: to?.given, ...(by === undefined ? {} : {by})};
    checkRecord(where, '', pair, pairOptions);
    return [pair as TiePair];
  }
  const [lone] = Object.entries({weight: weight?.given, to: to?.given, by}).filter(
    ([, value]) => value !== undefined,
  );
  if (!lone) return pairs;
  throw new RegularizerError({
    where,
    code: 'unknown-option',
    message: `unknown option ${lone[0]} beside pairs`,
    hint: 'Make it one of the pairs.',
    option: lone[0],
    received: lone[1],
  });
}

// Array.isArray does not narrow readonly arrays.
function isList(options: object): options is readonly TiePair[] {
  return looking('tie', 'options', () => Array.isArray(options));
}

function resolve(where: string, {weight, to, by = 'same'}: TiePair, context: SetupContext): ResolvedTie {
  const tied = checkDerivable(
    where,
    theWeight(context, {where, path: 'weight', described: pairOptions.weight, selector: weight}),
  );
  const source = theWeight(context, {where, path: 'to', described: pairOptions.to, selector: to});
  if (source.role === 'statistic' || source.name === tied.name) {
    throw new RegularizerError({
      where,
      code: 'bad-source',
      message: `${tied.name} cannot be tied to ${source.name === tied.name ? 'itself' : `the statistic ${source.name}`}`,
      hint: 'Tie it to a trained weight.',
    });
  }
  if (by === 'transpose' && source.shape.length < 2) {
    throw new RegularizerError({
      where,
      code: 'shape-mismatch',
      message: `by: 'transpose' needs a weight of rank 2 or more; ${source.name} has shape ${showShape(source.shape)}`,
      option: 'by',
      received: by,
    });
  }
  const {shape} = tiedWeight(present(context.initial, source.name), by);
  if (!sameShape(shape, tied.shape)) {
    throw new RegularizerError({
      where,
      code: 'shape-mismatch',
      message:
        `${tied.name} has shape ${showShape(tied.shape)}, but ${source.name} of shape ` +
        `${showShape(source.shape)} gives ${showShape(shape)}`,
      ...(sameShape(tied.shape.toReversed(), source.shape) ? {hint: "Did you mean by: 'transpose'?"} : {}),
    });
  }
  return {weight: tied, to: source, by};
}

function checkUnchained(where: string, pairs: readonly ResolvedTie[]): void {
  const tied = new Set<string>();
  for (const {weight} of pairs) {
    if (tied.has(weight.name)) {
      throw new RegularizerError({where, code: 'tied-twice', message: `${weight.name} is tied twice`});
    }
    tied.add(weight.name);
  }
  for (const {weight, to} of pairs) {
    if (!tied.has(to.name)) continue;
    throw new RegularizerError({
      where,
      code: 'bad-source',
      message: `${weight.name} is tied to ${to.name}, which is tied itself`,
      hint: `Tie both to the weight that ${to.name} is tied to.`,
    });
  }
}

/** What {@link tie} says of itself. */
export const tieTechnique: Technique = defineTechnique({
  name: 'tie',
  title: 'Tied weights',
  family: 'sharing',
  about: 'One weight becomes a function of another, such as a decoder of its encoder.',
  options: described,
  example: {weight: 'dec1/kernel', to: 'enc1/kernel', by: 'transpose'},
  trials: [
    {
      options: {
        pairs: [
          {weight: 'dec2/kernel', to: 'enc2/kernel', by: 'transpose'},
          {weight: 'dec1/kernel', to: 'enc1/kernel', by: 'transpose'},
        ],
      },
      on: ['autoencoder'],
    },
    {options: {weight: 'hidden2/kernel', to: 'hidden1/kernel', by: 'transpose'}, on: ['composite']},
  ],
  create: tie,
});
