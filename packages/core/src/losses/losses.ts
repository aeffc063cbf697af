import {checkOption} from '../description/check.ts';
import {choice, flag, type OptionRecord} from '../description/option.ts';
import {checkNumber} from '../description/ranges.ts';
import type {OutputKind, PortInfo, TargetKind} from '../info.ts';
import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking, memberOf} from '../lib/given.ts';
import {isPlainObject} from '../lib/json.ts';
import {perOutput} from './by-output.ts';
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  categoricalHinge,
  hinge,
  kullbackLeiblerDivergence,
  sparseCategoricalCrossentropy,
  squaredHinge,
} from './class-losses.ts';
import type {Loss} from './loss.ts';
import {checkingPerExample} from './per-example.ts';
import {nearestName} from './short-names.ts';
import {
  cosineProximity,
  huber,
  logcosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
  poisson,
} from './value-losses.ts';

/** The losses that go by name. */
export type LossName =
  | 'categoricalCrossentropy'
  | 'sparseCategoricalCrossentropy'
  | 'binaryCrossentropy'
  | 'kullbackLeiblerDivergence'
  | 'hinge'
  | 'squaredHinge'
  | 'categoricalHinge'
  | 'meanSquaredError'
  | 'meanAbsoluteError'
  | 'meanAbsolutePercentageError'
  | 'meanSquaredLogarithmicError'
  | 'huber'
  | 'logcosh'
  | 'poisson'
  | 'cosineProximity';

const byName: Readonly<Record<LossName, () => Loss>> = {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryCrossentropy,
  kullbackLeiblerDivergence,
  hinge,
  squaredHinge,
  categoricalHinge,
  meanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  huber,
  logcosh,
  poisson,
  cosineProximity,
};

/** Their names. */
export const lossNames: readonly LossName[] = Object.keys(byName) as LossName[];

/** Whether a value is the name of a loss. */
export const isLossName = (value: unknown): value is LossName =>
  typeof value === 'string' && Object.hasOwn(byName, value);

/** One loss for every output, or one per output: in the order of the outputs, or by their names. */
export type Losses =
  | LossName
  | Loss
  | readonly (LossName | Loss)[]
  | Readonly<Record<string, LossName | Loss>>;

/** A factor for each output's loss: in the order of the outputs, or by their names. */
export type LossWeights = readonly number[] | Readonly<Record<string, number>>;

/**
 * The loss of each output, checked against the model.
 *
 * @throws RegularizerError with code `unknown-loss`, `loss-count`, or `bad-loss` for one of a user's own that does
 *   not say what targets and outputs mean
 */
export function resolveLosses(given: Losses, outputs: readonly PortInfo[]): readonly Loss[] {
  const list = looking('trainer', 'the losses', () => {
    if (Array.isArray(given)) return perOutput('losses', [...given], outputs);
    if (!isByName(given)) return outputs.map(() => given);
    const byOutput = perOutput('losses', {...given}, outputs);
    const missing = outputs.filter((_, i) => byOutput[i] === undefined).map(({name}) => name);
    if (missing.length === 0) return byOutput;
    throw new RegularizerError({
      where: 'trainer',
      code: 'loss-count',
      message: `loss has none for the output ${missing.join(', ')}`,
      hint: 'To leave an output out of the sum, give it a loss and lossWeights of 0.',
      option: 'loss',
    });
  });
  return list.map((loss) => resolveLoss('trainer', loss as LossName | Loss));
}

/** By the names of outputs, and not one loss: that has a name, or says how it is computed. */
function isByName(given: unknown): given is Readonly<Record<string, unknown>> {
  if (!isPlainObject(given) || Object.keys(given).length === 0) return false;
  return typeof given['perExample'] !== 'function' && Object.values(given).every(isLossLike);
}

const isLossLike = (value: unknown): boolean =>
  typeof value === 'string' || typeof memberOf(value, 'perExample') === 'function';

/**
 * One loss, by name or of a user's own.
 *
 * @param where who asks, for the message
 * @throws RegularizerError with code `unknown-loss` or `bad-loss`
 */
export function resolveLoss(where: string, loss: LossName | Loss): Loss {
  return looking(where, 'the loss', () => ownLoss(where, loss) ?? namedLoss(where, loss));
}

function ownLoss(where: string, loss: unknown): Loss | undefined {
  if (typeof memberOf(loss, 'perExample') !== 'function') return undefined;
  const own = loss as Loss;
  checkMeaning(where, own);
  const {name, kind, outputs, linear, sparse = false, signed = false} = own;
  const perExample = checkingPerExample(where, `the loss ${name}`, own);
  return {name, kind, outputs, linear, sparse, signed, perExample};
}

function namedLoss(where: string, loss: unknown): Loss {
  if (isLossName(loss)) return byName[loss]();
  const meant = nearestName(loss, lossNames);
  throw new RegularizerError({
    where,
    code: 'unknown-loss',
    message: `unknown loss ${describeValue(loss)}`,
    hint:
      meant === undefined
        ? `The losses are: ${lossNames.join(', ')}; or pass an object with perExample.`
        : `Write loss: '${meant}'.`,
    option: 'loss',
    received: loss,
    allowed: {enum: lossNames},
  });
}

/** What a loss says of itself beside its name. */
const meaning = {
  kind: choice(['classes', 'binary', 'values'] satisfies TargetKind[], {about: 'What targets are.'}),
  outputs: choice(['probabilities', 'logits', 'values'] satisfies OutputKind[], {
    about: 'What outputs mean.',
  }),
  linear: flag({about: 'The loss is linear in its target.'}),
  sparse: flag({default: false, about: 'Targets are class numbers.'}),
  signed: flag({default: false, about: 'Targets may be −1 and 1 as well.'}),
} satisfies OptionRecord;

/** Metrics, ensembles and plugins read the output as its loss says; what it leaves out, they would have to guess. */
function checkMeaning(where: string, {name, kind, outputs, linear, sparse, signed}: Loss): void {
  if (typeof name !== 'string' || name === '') {
    refuse(where, `a loss needs a name; received ${describeValue(name)}`);
  }
  const given = {kind, outputs, linear, sparse: sparse ?? false, signed: signed ?? false};
  for (const [key, option] of Object.entries(meaning)) {
    checkOption(where, `${key} of the loss ${name}`, given[key as keyof typeof given], option);
  }
  if (kind === 'values' && outputs !== 'values') {
    refuse(where, `the loss ${name} has real values as targets, so that its outputs cannot be ${outputs}`);
  }
  if (sparse && kind !== 'classes') {
    refuse(where, `the loss ${name} is sparse, which is for targets of the kind classes, not ${kind}`);
  }
  if (signed && kind !== 'binary') {
    refuse(where, `the loss ${name} is signed, which is for targets of the kind binary, not ${kind}`);
  }
}

function refuse(where: string, message: string): never {
  throw new RegularizerError({
    where,
    code: 'bad-loss',
    message,
    hint: "A loss is {name, kind: 'classes' | 'binary' | 'values', outputs: 'probabilities' | 'logits' | 'values', linear, perExample}.",
  });
}

/**
 * The factor of each output's loss; 1 for an output that is not named.
 *
 * @throws RegularizerError with code `loss-count` or `out-of-range`
 */
export function resolveLossWeights(
  given: LossWeights | undefined,
  outputs: readonly PortInfo[],
): readonly number[] {
  if (given === undefined) return outputs.map(() => 1);
  const weights = looking('trainer', 'lossWeights', () =>
    perOutput('lossWeights', Array.isArray(given) ? [...given] : {...given}, outputs),
  );
  const at = (i: number): string =>
    Array.isArray(given) ? `lossWeights[${i}]` : `lossWeights.${outputs[i]?.name}`;
  return weights.map((weight, i) => checkNumber('trainer', at(i), weight ?? 1, {min: 0}));
}
