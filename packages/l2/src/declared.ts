import {checkNumber, checkOption, leafLayers, RegularizerError, type WeightInfo} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {ElasticNetStrengths} from './elastic-net.ts';
import {maxNormProjection} from './max-norm.ts';
import {minMaxNormProjection} from './min-max-norm.ts';
import {unitNormProjection} from './unit-norm.ts';
import {type Axis, axisOption, resolveAxes} from './units.ts';

/** A regularizer or constraint as a layer declares it. */
export interface Declaration {
  /** The layer's name, or that of the weight. */
  readonly where: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a constraint does to a weight. */
export type Projection = (w: tf.Tensor) => tf.Tensor;

/** Constraint → the numbers in its configuration; a regularizer has its own. */
const numbers: Readonly<Record<string, readonly string[]>> = {
  L1L2: ['l1', 'l2'],
  MaxNorm: ['maxValue'],
  UnitNorm: [],
  NonNeg: [],
  MinMaxNorm: ['minValue', 'maxValue', 'rate'],
};

/**
 * Checks that a declaration is one that this package knows, with numbers that make sense.
 *
 * @throws RegularizerError with code `unknown-declaration`, `out-of-range` or `not-an-axis`
 */
export function checkDeclared(plugin: string, declaration: Declaration): void {
  const {where, className, config} = declaration;
  const known = numbers[className];
  if (known === undefined) {
    throw new RegularizerError({
      where: plugin,
      code: 'unknown-declaration',
      message: `${where} declares ${className}, which is none of ${Object.keys(numbers).join(', ')}`,
      hint: 'Build the model without it, and write it as a plugin with defineRegularizer.',
    });
  }
  for (const option of known) numberOf(plugin, declaration, option);
  const {axis} = config;
  if (axis !== undefined) checkOption(`${plugin}: ${where}`, 'axis', axis, axisOption);
}

function numberOf(plugin: string, {where, className, config}: Declaration, option: string): number {
  return checkNumber(`${plugin}: ${where}`, `${option} of ${className}`, config[option], {min: 0});
}

/** The strengths, in this package's convention, of an L1L2 regularizer: l1·Σ|w| + l2·Σw². */
export function strengthsOf(plugin: string, declaration: Declaration): ElasticNetStrengths {
  return {l1: numberOf(plugin, declaration, 'l1'), l2: 2 * numberOf(plugin, declaration, 'l2')};
}

/** What a declared constraint does to one weight. */
export function projectionOf(plugin: string, declaration: Declaration, weight: WeightInfo): Projection {
  const {className, config} = declaration;
  if (className === 'NonNeg') return (w) => tf.relu(w);
  const {axis} = config;
  const where = `${plugin}: ${declaration.where}`;
  const axes = resolveAxes(where, weight, axis as Axis | undefined);
  const number = (option: string): number => numberOf(plugin, declaration, option);
  if (className === 'UnitNorm') return (w) => unitNormProjection(w, axes);
  if (className === 'MaxNorm') {
    const maxValue = number('maxValue');
    return (w) => maxNormProjection(w, maxValue, axes);
  }
  const range = {minValue: number('minValue'), maxValue: number('maxValue'), rate: number('rate')};
  return (w) => minMaxNormProjection(w, range, axes);
}

interface Configured {
  getClassName(): string;
  getConfig(): Readonly<Record<string, unknown>>;
}

/** Every regularizer and constraint that the layers of a model hold. */
export function declarationsOf(model: LayersModel): readonly Declaration[] {
  return leafLayers(model).flatMap(({path, layer}) =>
    Object.entries(layer)
      .filter(([property, value]) => isDeclaring(property) && isConfigured(value))
      .map(([, value]: [string, Configured]) => ({
        where: path,
        className: value.getClassName(),
        config: value.getConfig(),
      })),
  );
}

// tfjs itself throws on an activity regularizer, as soon as the layer is applied.
function isDeclaring(property: string): boolean {
  return /(?:Regularizer|Constraint)$/.test(property) && property !== 'activityRegularizer';
}

function isConfigured(value: unknown): value is Configured {
  return typeof value === 'object' && value !== null && 'getClassName' in value && 'getConfig' in value;
}
