import * as tf from '@tensorflow/tfjs-core';
import {integer, number, type OptionsOf, text} from '../description/option.ts';
import {readOptions} from '../description/read.ts';
import type {LossInfo, PortInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {zip} from '../lib/zip.ts';
import type {Metric} from './metric.ts';
import {toProbabilities} from './outputs.ts';

/** Options of {@link precision} and {@link recall}. */
export interface ConfusionOptions {
  /** A probability above it is a yes, in [0, 1]. @defaultValue 0.5 */
  readonly threshold?: number;
  /** The only class or output that counts, from 0. @defaultValue all, as if each were an example */
  readonly class?: number;
  /** The name that it is reported under. @defaultValue the function's */
  readonly as?: string;
}

const classOption = integer({min: 0, about: 'The only class or output that counts.', otherwise: 'all'});
const asOption = text({about: 'The name that it is reported under.', otherwise: "the function's"});

const confusionOptions = {
  threshold: number({min: 0, max: 1, default: 0.5, about: 'A probability above it is a yes.'}),
  class: classOption,
  as: asOption,
} satisfies OptionsOf<ConfusionOptions>;

/** Of what is called yes, the share that is: true positives of all positives; 0 where nothing is called so. */
export function precision(options: ConfusionOptions = {}): Metric {
  return shareOf('precision', options, ({is, called}) => [tf.mul(is, called), called]);
}

/** Of what is yes, the share that is called so: true positives of all that should be; 0 where there is none. */
export function recall(options: ConfusionOptions = {}): Metric {
  return shareOf('recall', options, ({is, called}) => [tf.mul(is, called), is]);
}

/** Whether answers are yes, and whether they are called so: 0 or 1 each, `[batch, answers]`. */
interface Answers {
  readonly is: tf.Tensor;
  readonly called: tf.Tensor;
}

function shareOf(
  name: string,
  options: ConfusionOptions,
  count: (answers: Answers) => readonly [part: tf.Tensor, of: tf.Tensor],
): Metric {
  const {threshold, class: only, as = name} = readOptions(name, options, confusionOptions);
  return {
    name: as,
    parts: 2,
    perExample(target, output, loss) {
      const {targets, probabilities} = answersOf(target, output, loss, only);
      const is = tf.cast(tf.greater(targets, 0.5), 'float32');
      const called = tf.cast(tf.greater(probabilities, threshold), 'float32');
      return tf.stack(
        count({is, called}).map((counted) => tf.sum(counted, 1)),
        1,
      );
    },
    value: ([part = 0, of = 0]) => part / of,
    check: checkFor(name, only),
  };
}

/** Options of {@link auc}. */
export interface AucOptions extends Pick<ConfusionOptions, 'class' | 'as'> {
  /** Points of the curve, evenly spaced thresholds from just below 0 to just above 1; at least 3. @defaultValue 200 */
  readonly thresholds?: number;
}

const aucOptions = {
  thresholds: integer({min: 3, default: 200, about: 'Points of the curve.'}),
  class: classOption,
  as: asOption,
} satisfies OptionsOf<AucOptions>;

/**
 * The area under the ROC curve: how likely a yes gets a higher probability than a no, ties counted half. As Keras
 * computes it, by trapezoids between evenly spaced thresholds: answers that lie between two of them count as tied.
 */
export function auc(options: AucOptions = {}): Metric {
  const {thresholds: points, class: only, as = 'auc'} = readOptions('auc', options, aucOptions);
  const margin = 1e-7;
  const thresholds = Array.from({length: points}, (_, i) => i / (points - 1));
  thresholds[0] = -margin;
  thresholds[points - 1] = 1 + margin;
  return {
    name: as,
    parts: 2 * points,
    perExample(target, output, loss) {
      const {targets, probabilities} = answersOf(target, output, loss, only);
      const is = tf.expandDims(tf.cast(tf.greater(targets, 0.5), 'float32'), 1);
      const above = tf.cast(tf.greater(tf.expandDims(probabilities, -1), tf.tensor1d(thresholds)), 'float32');
      // [batch, 1, answers] × [batch, answers, points]: counts of yes and no above each threshold.
      const counts = [tf.matMul(is, above), tf.matMul(tf.sub(1, is), above)];
      return tf.squeeze(tf.concat(counts, 2), [1]);
    },
    value: (means) => areaUnder(means.slice(0, points), means.slice(points)),
    check: checkFor('auc', only),
  };
}

/** By trapezoids, of counts that fall along the thresholds; 0 where there is no yes, or no no. */
function areaUnder(yes: readonly number[], no: readonly number[]): number {
  const [allYes = 0, allNo = 0] = [yes[0], no[0]];
  const areas = zip(yes.slice(1), yes, no, no.slice(1)).map(
    ([next, last, noLast, noNext]) => ((noLast - noNext) * (last + next)) / 2,
  );
  return areas.reduce((sum, area) => sum + area, 0) / (allYes * allNo);
}

/** Targets and probabilities, `[batch, answers]`: of one class or output, or of all. */
function answersOf(
  target: tf.Tensor,
  output: tf.Tensor,
  loss: LossInfo,
  only: number | undefined,
): {readonly targets: tf.Tensor; readonly probabilities: tf.Tensor} {
  const flat = (values: tf.Tensor): tf.Tensor => {
    const chosen = only === undefined ? values : tf.gather(values, [only], values.rank - 1);
    return tf.reshape(chosen, [values.shape[0] ?? 0, -1]);
  };
  return {targets: flat(target), probabilities: flat(toProbabilities(output, loss))};
}

function checkFor(name: string, only: number | undefined): NonNullable<Metric['check']> {
  return ({kind, outputs, name: loss}: LossInfo, {name: output, shape}: PortInfo) => {
    if (kind === 'values' || outputs === 'values') {
      throw new RegularizerError({
        where: 'trainer',
        code: 'metric-mismatch',
        message: `${name} has no meaning under the loss ${loss}, whose outputs are no probabilities`,
        hint: "It goes with 'binaryCrossentropy', 'categoricalCrossentropy' and others whose outputs are.",
      });
    }
    const answers = shape.at(-1) ?? 0;
    if (only === undefined || only < answers) return;
    throw new RegularizerError({
      where: 'trainer',
      code: 'metric-mismatch',
      message: `${name} is of class ${only}, but the output ${output} has ${answers}, from 0 to ${answers - 1}`,
      option: 'class',
      received: only,
    });
  };
}
