import {
  classesOf,
  computed,
  defineRegularizer,
  defineTechnique,
  type Named,
  type OptionsOf,
  option,
  type PortInfo,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Selector,
  type SetupContext,
  type Technique,
} from '@regularizers/core';
import {hostBits, type KeyPair} from '@regularizers/random';

/** Options of {@link balancedSampling}. */
export interface BalancedSamplingOptions<Name extends string = string> extends Named<Name> {
  /**
   * How far classes are evened out, in [0, 1]: a class of n examples is drawn in proportion to n^(1 − balance), so that 1
   * makes all equally likely, ½ is the square root of their shares, and 0 leaves them.
   *
   * @defaultValue 1
   */
  readonly balance?: number;
  /**
   * The outputs whose classes count, by name; those of several are taken together.
   *
   * @defaultValue every output that has one class per example
   */
  readonly outputs?: Selector<PortInfo>;
}

const described = {
  balance: option.number({
    min: 0,
    max: 1,
    default: 1,
    nothing: 0,
    about: 'How far classes are evened out: 1 makes all equally likely, 0 leaves their shares.',
    search: {from: 0.25, to: 1, scale: 'linear'},
  }),
  outputs: option.outputs({
    about: 'The outputs whose classes count; those of several are taken together.',
    default: () => true,
    otherwise: 'every output that has one class per example',
    rare: true,
  }),
} satisfies OptionsOf<BalancedSamplingOptions>;

/**
 * Draws as many examples as there are, with replacement: first a class, with a probability in proportion to
 * n^(1 − balance) for a class of n, then one of its examples, each as likely.
 *
 * With a balance of 1, example i has the weight 1/n of its class, as for PyTorch's `WeightedRandomSampler`.
 *
 * @param indices the examples to draw from; one that is there twice is twice as likely as others of its class
 * @param classes the class of each example that an index may name, by one output or by several
 * @param options the `key` of the stream of random numbers, and `balance`, 1 where it is left out
 *
 * @example
 * ```ts
 * const classes = [Int32Array.of(0, 0, 0, 1)];
 * balancedIndices(Int32Array.of(0, 1, 2, 3), classes, {key: deriveKey(7, 'balanced')}); // for example 3, 1, 3, 0
 * ```
 */
export function balancedIndices(
  indices: Int32Array,
  classes: readonly Int32Array[],
  options: {readonly key: KeyPair; readonly balance?: number},
): Int32Array {
  return computed('balancedIndices', {indices, classes, options}, () => {
    const {key, balance = 1} = options;
    const groups = groupsOf(indices, classes);
    const shares = groups.map(({length}) => length ** (1 - balance));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const ends = shares.map((_, i) => shares.slice(0, i + 1).reduce((sum, share) => sum + share, 0) / total);
    const bits = hostBits(2 * indices.length, key);
    return indices.map((_, i) => {
      const at = bits[2 * i]! / 2 ** 32;
      const group = groups[ends.findIndex((end) => at < end)] ?? groups.at(-1)!;
      return group[Math.floor((bits[2 * i + 1]! / 2 ** 32) * group.length)]!;
    });
  });
}

/** The indices of each combination of classes that there is. */
function groupsOf(indices: Int32Array, classes: readonly Int32Array[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const index of indices) {
    const kind = classes.map((of) => of[index]).join();
    const group = groups.get(kind);
    if (group) group.push(index);
    else groups.set(kind, [index]);
  }
  return [...groups.values()];
}

/**
 * Class-balanced sampling: draws the examples of each epoch so that every class comes equally often, in expectation.
 *
 * An epoch has as many examples as before, drawn with replacement and anew: those of rare classes come several times,
 * of frequent ones some are left out. What is evaluated keeps its shares. It takes the place of `classWeight`, which
 * leaves rare classes rare in a batch and makes their gradients larger. Beside `bagging` it draws from each member's
 * sample, and the out-of-bag error stays what it is.
 *
 * @param options how far, and by the classes of which outputs
 * @throws RegularizerError if an option is out of range or an output has no classes; and before `fit` trains, if the data
 *   is a stream or `classWeight` is given as well
 *
 * @example
 * ```ts
 * const trainer = createTrainer({model, loss, optimizer, regularizers: [balancedSampling()]});
 * ```
 *
 * @see Buda, Maki and Mazurowski 2018, A systematic study of the class imbalance problem in convolutional neural
 *   networks, section 3.2, https://arxiv.org/abs/1710.05381
 * @see Kang et al. 2020, Decoupling Representation and Classifier for Long-Tailed Recognition, equation 1,
 *   https://arxiv.org/abs/1910.09217
 */
export function balancedSampling<const Name extends string = 'balancedSampling'>(
  options: BalancedSamplingOptions<Name> = {},
): Regularizer<Name, readonly string[], null> {
  const {name, settings, balance, outputs} = readTechnique('balancedSampling', options, described);
  return defineRegularizer<Name, readonly string[], null>({
    name,
    settings,
    tags: ['balancing'],
    after: ['subset'],
    excludes: ['balancing'],
    setup(context) {
      if (balance === 0) return {idle: true};
      return {plan: withClasses(name, context, outputs(context), outputs.given !== undefined)};
    },
    check({classWeight}) {
      if (classWeight) refuseTwice(name);
    },
    sample: (indices, {plan, classes, epochKey}) =>
      balancedIndices(
        indices,
        plan.map((output) => classes[output]!),
        {key: epochKey('drawn'), balance},
      ),
    explain: ({plan}) => [
      `each epoch draws as many examples as there are, with replacement, ${
        balance === 1
          ? 'every class equally often'
          : `a class of n examples in proportion to n^${1 - balance}`
      }, by the classes of ${plan.join(' and ')}`,
    ],
  });
}

/** Names of the outputs that have one class per example: all that are named must. */
function withClasses(
  where: string,
  {outputs, losses, chose}: SetupContext,
  chosen: readonly PortInfo[],
  areNamed: boolean,
): readonly string[] {
  const without = chosen.filter((port) => classesOf(port, losses[outputs.indexOf(port)]!) === 0);
  if (without.length > 0 && (areNamed || without.length === chosen.length)) {
    const what = without.map((port) => `${port.name} under the loss ${losses[outputs.indexOf(port)]!.name}`);
    throw new RegularizerError({
      where,
      code: 'no-classes',
      message: `classes can be balanced where there is one per example, which the target of ${what.join(', ')} is not`,
      hint: areNamed ? 'Name outputs that have classes: outputs: [...].' : 'Leave the plugin out.',
      option: 'outputs',
    });
  }
  const names = chosen.filter((port) => !without.includes(port)).map((port) => port.name);
  chose('outputs', names);
  return names;
}

function refuseTwice(where: string): never {
  throw new RegularizerError({
    where,
    code: 'corrected-twice',
    message: 'classWeight corrects once more for what the examples that are drawn are balanced for already',
    hint: `Leave classWeight out, or ${where}; what mistakes cost can be said by sampleWeight.`,
    option: 'classWeight',
  });
}

/** What {@link balancedSampling} says of itself. */
export const balancedSamplingTechnique: Technique = defineTechnique({
  name: 'balancedSampling',
  family: 'augmentation',
  about: 'Draws the examples of each epoch so that every class comes equally often.',
  options: described,
  create: balancedSampling,
});
