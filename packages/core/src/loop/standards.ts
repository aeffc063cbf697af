import type {PortInfo} from '../info.ts';
import {untilAborted} from '../lib/aborted.ts';
import {RegularizerError} from '../lib/errors.ts';
import {itemAt} from '../lib/item.ts';
import type {MemberRun} from '../member/member-run.ts';
import {type Standardizer, standardizersOf} from '../model/standardizers.ts';
import type {Program} from '../plugins/program.ts';
import type {Fit} from './prepare.ts';
import type {Standards} from './standardize.ts';

/**
 * What members are to begin with, where there are some that have not been trained.
 *
 * @param members how many there are to be
 * @throws RegularizerError with code `standardized-too-late` for one that has been trained without, `nothing-to-standardize`
 *   where nothing counts, or as {@link standardizersOf}; Aborted at the signal
 */
export async function standardsFor(
  runs: readonly [MemberRun, ...MemberRun[]],
  members: number,
  fit: Pick<Fit, 'source' | 'options'>,
): Promise<Standards | undefined> {
  const {program} = runs[0];
  const layers = standardizersOf(program.adapter);
  const trained = runs.filter(({position}) => position.step > 0);
  for (const {state} of trained) {
    for (const {mean} of layers) refuseLate(mean, await state.weights[mean]?.data());
  }
  return trained.length === members ? undefined : standardsOf(program, layers, fit);
}

/** A mean that is zero everywhere is that of a new layer. */
function refuseLate(name: string, mean: ArrayLike<number> = []): void {
  if (Array.from(mean).some((value) => value !== 0)) return;
  throw new RegularizerError({
    where: 'fit',
    code: 'standardized-too-late',
    message: `the model has been trained on inputs as they are: ${name} is zero`,
    hint: 'Pass standardize: true to the first fit, of a new model.',
    option: 'standardize',
  });
}

/**
 * Mean and variance of each feature of the inputs that a layer standardizes: of one pass over the training examples, all of
 * them, whatever plugins choose. Steps that a Masking layer takes for padding do not count; a feature that is constant is
 * divided by 1, as scikit-learn does it.
 */
async function standardsOf(
  program: Program,
  layers: readonly Standardizer[],
  {source, options: {signal}}: Pick<Fit, 'source' | 'options'>,
): Promise<Standards> {
  const found = layers.map((layer) => ({layer, moments: new Moments(layer.features)}));
  for await (const inputs of untilAborted(source.inputs(program, signal), signal)) {
    for (const {layer, moments} of found) {
      for (const i of layer.inputs) {
        const port = itemAt(program.adapter.inputs, i);
        moments.add(await itemAt(inputs, i).data(), paddingIn(port));
      }
    }
  }
  if (found.some(({moments}) => moments.count === 0)) refuseNothing();
  return Object.fromEntries(found.flatMap(({layer, moments}) => standardsBy(layer, moments)));
}

function refuseNothing(): never {
  throw new RegularizerError({
    where: 'fit',
    code: 'nothing-to-standardize',
    message:
      'there is nothing to find mean and deviation of: all steps are padding, or a stream gave nothing when it was opened again',
    hint: 'The iterator() of a stream must start a new pass each time it is called, as that of a tf.data.Dataset does.',
    option: 'standardize',
  });
}

/** Only sequences are padded step by step. */
const paddingIn = ({shape, padding}: PortInfo): number | undefined =>
  shape.length === 3 ? padding : undefined;

function standardsBy(
  {mean, variance, epsilon}: Standardizer,
  moments: Moments,
): readonly (readonly [string, Float32Array])[] {
  return [
    [mean, Float32Array.from(moments.mean)],
    [variance, Float32Array.from(moments.variances(), (value) => value - epsilon)],
  ];
}

/** Mean and spread of features over rows that come in parts, in float64. */
class Moments {
  readonly mean: Float64Array;
  /** Σ (x − mean)². */
  readonly #squares: Float64Array;
  count = 0;

  constructor(features: number) {
    this.mean = new Float64Array(features);
    this.#squares = new Float64Array(features);
  }

  /** Welford's update, row by row: rows that are nothing but padding are left out. */
  add(values: ArrayLike<number>, padding: number | undefined): void {
    const {length} = this.mean;
    for (let start = 0; start < values.length; start += length) {
      if (padding !== undefined && isFilled(values, start, length, padding)) continue;
      this.count += 1;
      for (let i = 0; i < length; i++) {
        const value = itemAt(values, start + i);
        const before = itemAt(this.mean, i);
        const after = before + (value - before) / this.count;
        this.mean[i] = after;
        this.#squares[i] = itemAt(this.#squares, i) + (value - before) * (value - after);
      }
    }
  }

  /** What deviates by no more than roundings is constant, and gets 1: the bound is that of scikit-learn's StandardScaler. */
  variances(): Float64Array {
    const n = this.count;
    return this.#squares.map((squares, i) => {
      const variance = squares / n;
      const bound = n * Number.EPSILON * variance + (n * itemAt(this.mean, i) * Number.EPSILON) ** 2;
      return variance <= bound ? 1 : variance;
    });
  }
}

function isFilled(values: ArrayLike<number>, start: number, length: number, padding: number): boolean {
  for (let i = start; i < start + length; i++) if (values[i] !== padding) return false;
  return true;
}
