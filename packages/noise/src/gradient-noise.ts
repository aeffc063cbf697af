import {
  checkKnown,
  checkNumber,
  checkSelector,
  defineRegularizer,
  type Named,
  nameOf,
  type Regularizer,
  type Selector,
  select,
  type WeightInfo,
} from '@regularizers/core';
import {withNormalNoise} from './corruptions.ts';

/** Options of {@link gradientNoise}. */
export interface GradientNoiseOptions<Name extends string = string> extends Named<Name> {
  /** η, at least 0; the variance is η/2^γ at the first step. The paper picks from 0.01, 0.3 and 1. @defaultValue 0.01 */
  readonly eta?: number;
  /** γ, at least 0: how fast the variance falls. @defaultValue 0.55 */
  readonly gamma?: number;
  /** Weights whose gradients get noise. @defaultValue the model's trained weights */
  readonly include?: Selector<WeightInfo>;
}

/**
 * The standard deviation of the noise at a step.
 *
 * σₜ = √(η/(1 + t)^γ)
 *
 * @param step t, the optimizer step, from 1
 * @param options `eta`: η; `gamma`: γ
 *
 * @example
 * ```ts
 * gradientNoiseSigma(1, {eta: 0.01, gamma: 0.55}); // √(0.01/2^0.55) ≈ 0.0826
 * ```
 */
export function gradientNoiseSigma(
  step: number,
  {eta, gamma}: {readonly eta: number; readonly gamma: number},
): number {
  return Math.sqrt(eta / (1 + step) ** gamma);
}

/**
 * Gradient noise: adds noise to the gradients that falls as training goes on, which helps deep networks out of
 * poor starts.
 *
 * g + N(0, σₜ²), σₜ² = η/(1 + t)^γ, t the optimizer step from 1; after clipping, before the optimizer.
 * ({@link withNormalNoise} adds it.)
 *
 * @throws RegularizerError if an option is out of range, or `include` selects nothing
 *
 * @example
 * ```ts
 * const regularizers = [gradientNoise({eta: 0.3})];
 * ```
 *
 * Neelakantan, Vilnis, Le, Sutskever, Kaiser, Kurach and Martens (2015), "Adding gradient noise improves learning
 * for very deep networks", https://arxiv.org/abs/1511.06807, equation 1.
 */
export function gradientNoise<const Name extends string = 'gradientNoise'>(
  options: GradientNoiseOptions<Name> = {},
): Regularizer<Name> {
  const name = nameOf(options, 'gradientNoise');
  checkKnown(name, options, ['name', 'eta', 'gamma', 'include']);
  const eta = checkNumber(name, 'eta', options.eta ?? 0.01, {min: 0});
  const gamma = checkNumber(name, 'gamma', options.gamma ?? 0.55, {min: 0});
  const {include} = options;
  if (include !== undefined) checkSelector(name, 'include', include);
  return defineRegularizer({
    name,
    tags: ['gradient-noise'],
    after: ['clipping'],
    setup({weights}) {
      if (eta === 0) return {idle: true};
      const chosen = select(weights, {
        where: name,
        option: 'include',
        selector: include,
        otherwise: isTrained,
      });
      return {plan: chosen.map((weight) => weight.name)};
    },
    scalars: ({step}) => ({sigma: gradientNoiseSigma(step, {eta, gamma})}),
    gradients(gradients, step) {
      const {sigma} = step.scalars;
      const noisy = step.plan.map(
        (weight, position) =>
          [
            weight,
            withNormalNoise(gradients[weight]!, step.key(`noise/${position}`), {sigma: sigma!}),
          ] as const,
      );
      return {...gradients, ...Object.fromEntries(noisy)};
    },
  });
}

function isTrained({role, owner}: WeightInfo): boolean {
  return role === 'trained' && owner === undefined;
}
