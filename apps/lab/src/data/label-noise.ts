import {RegularizerError} from '@regularizers/core';
import {deriveKey, hostUniform, type KeyPair} from '@regularizers/random';
import type {z} from 'zod';
import {fraction} from '../options.ts';
import type {ClassificationData, DataSet, SplitName} from './data-set.ts';

/**
 * Options of data with classes, and the share of its labels that are made wrong.
 *
 * @param share where a recipe doesn't say
 */
export const withLabelNoise = <Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, share = 0) =>
  schema.extend({
    /** Share of the labels of training and validation that are wrong; those of the test are right. */
    labelNoise: fraction.default(share),
  });

/** How much, and by which seed. */
export interface LabelNoise {
  /** Share of wrong labels, in [0, 1]. */
  readonly labelNoise: number;
  readonly seed: number;
}

/**
 * Data as somebody careless would have labelled it: a share of the labels that are trained on and chosen by is wrong.
 * Validation labels are no better than training's, since where labels are wrong nobody has clean ones to choose by; test
 * labels stay right, so that what is reported is the truth.
 *
 * @throws RegularizerError with code `no-labels` for data without classes
 */
export function mislabelled<Data extends DataSet>(data: Data, {labelNoise, seed}: LabelNoise): Data {
  if (labelNoise === 0) return data;
  if (data.kind !== 'classification') {
    throw new RegularizerError({
      where: data.name,
      code: 'no-labels',
      message: `its targets are numbers, of which no share can be mislabelled; labelNoise is ${labelNoise}`,
      hint: 'Leave labelNoise out, or take data with classes.',
      option: 'data.labelNoise',
      received: labelNoise,
    });
  }
  const {name, classes} = data;
  const relabelled = (part: SplitName): ClassificationData['train'] => ({
    ...data[part],
    truth: data[part].y,
    y: wrongLabels(data[part].y, classes, labelNoise, deriveKey(seed, name, 'label noise', part)),
  });
  return {...data, train: relabelled('train'), validation: relabelled('validation')};
}

/** The share of a recipe's labels that are wrong. */
export const labelNoiseOf = (data: object): number =>
  'labelNoise' in data && typeof data.labelNoise === 'number' ? data.labelNoise : 0;

/**
 * Gives a share of the examples another class, drawn evenly from the others.
 *
 * @param share of wrong labels, in [0, 1]
 */
export function wrongLabels(labels: Int32Array, classes: number, share: number, key: KeyPair): Int32Array {
  const draws = hostUniform(2 * labels.length, key);
  return labels.map((label, position) => {
    if (draws[2 * position]! >= share) return label;
    const shift = 1 + Math.floor(draws[2 * position + 1]! * (classes - 1));
    return (label + shift) % classes;
  });
}
