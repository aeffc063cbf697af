import * as tf from '@tensorflow/tfjs-core';
import type {PortInfo, SiteInfo, Tensors, WeightInfo} from '../info.ts';
import {describeValue} from '../lib/describe-value.ts';
import {fail, RegularizerError} from '../lib/errors.ts';
import {looking, memberOf} from '../lib/given.ts';
import {whyReserved} from '../lib/reserved.ts';
import type {ForwardRequest, ForwardResult, ModelAdapter} from './adapter.ts';

/** What a pure model's `apply` is called with. */
export interface PureContext {
  readonly training: boolean;
  /** Hands a value through a named site, where plugins may change it. */
  site(name: string, value: tf.Tensor): tf.Tensor;
}

/** A model that is a function: no tfjs layers needed. */
export interface PureModel {
  /** Initial weights by name. */
  readonly weights: Tensors;
  /** Shape of each input without the batch. */
  readonly inputShapes: readonly (readonly number[])[];
  /** Type of each input that `apply` gets: `int32` for indices. @defaultValue 'float32' for each */
  readonly inputTypes?: readonly ('float32' | 'int32')[];
  /** Outputs, `[batch, ...]`, from weights and inputs; pure and synchronous. */
  apply(
    weights: Tensors,
    inputs: readonly tf.Tensor[],
    context: PureContext,
  ): tf.Tensor | readonly tf.Tensor[];
}

/** Tells a pure model from one of tfjs's. */
export function isPureModel(model: object): model is PureModel {
  return memberOf(model, 'inputShapes') !== undefined && typeof memberOf(model, 'apply') === 'function';
}

/**
 * Checks what a pure model is made of.
 *
 * @throws RegularizerError with code `bad-model` or `model-disposed`
 */
function checkPureModel({weights, inputShapes, inputTypes}: PureModel): void {
  const isShape = (shape: unknown): boolean =>
    // A copy, since `every` passes over the holes of a list.
    Array.isArray(shape) && [...shape].every((size) => Number.isInteger(size) && size > 0);
  if (!Array.isArray(inputShapes) || inputShapes.length === 0 || ![...inputShapes].every(isShape)) {
    fail(
      'bad-model',
      `inputShapes of a pure model must be a list of shapes; received ${describeValue(inputShapes)}`,
      'A shape of each input, without the batch: [[28, 28, 1]].',
    );
  }
  if (inputTypes !== undefined && !areTypes(inputTypes, inputShapes.length)) {
    fail(
      'bad-model',
      `inputTypes of a pure model must be float32 or int32 for each of ${inputShapes.length} inputs; received ${describeValue(inputTypes)}`,
    );
  }
  const isRecord = typeof weights === 'object' && weights !== null && !Array.isArray(weights);
  if (!isRecord || !Object.values(weights).every((weight) => weight instanceof tf.Tensor)) {
    fail('bad-model', `weights of a pure model must be tensors by name; received ${describeValue(weights)}`);
  }
  const reserved = Object.keys(weights)
    .map(whyReserved)
    .find((why) => why !== undefined);
  if (reserved !== undefined)
    fail('reserved-name', `a weight of a pure model cannot be named so: ${reserved}`);
  requireAlive(weights);
}

function areTypes(types: unknown, inputs: number): boolean {
  return (
    Array.isArray(types) &&
    types.length === inputs &&
    [...types].every((type) => type === 'float32' || type === 'int32')
  );
}

function requireAlive(weights: Tensors): void {
  const [disposed] = Object.keys(weights).filter((name) => weights[name]?.isDisposed);
  if (disposed === undefined) return;
  fail(
    'model-disposed',
    `the model's weight ${disposed} is disposed of`,
    'Dispose of weights after the trainer.',
  );
}

/** What `apply` gave, as a list of tensors. */
function outputsOf(output: unknown): readonly tf.Tensor[] {
  return looking('trainer', 'what apply of the model gave', () => listed(output));
}

function listed(output: unknown): readonly tf.Tensor[] {
  const list: readonly unknown[] = Array.isArray(output) ? [...output] : [output];
  if (list.length > 0 && list.every((one) => one instanceof tf.Tensor)) return list;
  return fail(
    'bad-model',
    `apply of a pure model must give a tensor or a list of tensors; received ${describeValue(output)}`,
  );
}

/** Presents a {@link PureModel} to the trainer; the model's own weights are never written. */
export class PureAdapter implements ModelAdapter {
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  readonly weights: readonly WeightInfo[];
  readonly sites: readonly SiteInfo[];
  readonly findings: readonly [] = [];
  readonly #model: PureModel;

  constructor(model: PureModel) {
    looking('trainer', 'the model', () => checkPureModel(model));
    this.#model = model;
    this.inputs = model.inputShapes.map((shape, i) => {
      const port: PortInfo = {name: `input_${i}`, shape: [null, ...shape]};
      return model.inputTypes?.[i] === 'int32' ? {...port, dtype: 'int32'} : port;
    });
    this.weights = Object.entries(model.weights).map(([name, {shape}]) => ({
      name,
      shortName: name.slice(name.lastIndexOf('/') + 1),
      shape,
      role: 'trained',
      layer: name.slice(0, Math.max(0, name.lastIndexOf('/'))),
      layerClass: '',
      owner: undefined,
    }));
    const seen = this.#explore();
    this.sites = seen.sites;
    this.outputs = seen.outputs;
  }

  /** A pure model's weights are read once, when a trainer is made. */
  check(): void {}

  read(): Tensors {
    requireAlive(this.#model.weights);
    return Object.fromEntries(
      Object.entries(this.#model.weights).map(([name, initial]) => [name, tf.keep(tf.clone(initial))]),
    );
  }

  write(): void {}

  fresh(): Tensors {
    throw new RegularizerError({
      where: 'trainer',
      code: 'unknown-initializer',
      message: 'a pure model has no initializers, so its weights cannot be drawn anew',
      hint: "Start all members from its weights: initialWeights: 'model'.",
    });
  }

  /** Nobody can tell, and nobody can draw them anew either. */
  async findTrained(): Promise<undefined> {
    return undefined;
  }

  takeOver(): void {}

  forward({inputs, weights, training, sites, onSite}: ForwardRequest): ForwardResult {
    const byName = new Map(this.sites.map((site) => [site.name, site]));
    const site = (name: string, value: tf.Tensor): tf.Tensor => {
      const known = byName.get(name);
      return known && sites.has(name) ? onSite(value, known, 0) : value;
    };
    const output = this.#model.apply(weights, inputs, {training, site});
    const outputs = outputsOf(output);
    return {outputs, written: {}, masks: {outputs: outputs.map(() => undefined), sites: {}}};
  }

  /** One pass over a batch of one, to learn the sites and the outputs' shapes. */
  #explore(): {sites: SiteInfo[]; outputs: PortInfo[]} {
    const sites: SiteInfo[] = [];
    const outputs: PortInfo[] = [];
    const batched = (shape: readonly number[]): (number | null)[] => [null, ...shape.slice(1)];
    tf.tidy(() => {
      const inputs = this.inputs.map(({shape, dtype}) =>
        tf.zeros([1, ...(shape.slice(1) as number[])], dtype),
      );
      const site = (name: string, value: tf.Tensor): tf.Tensor => {
        const shape = batched(value.shape);
        sites.push({
          name,
          layer: name,
          layerClass: '',
          shape,
          index: sites.length,
          isOutput: false,
          feeds: [],
          config: {},
        });
        return value;
      };
      const output = this.#model.apply(this.#model.weights, inputs, {training: false, site});
      for (const [i, {shape}] of outputsOf(output).entries()) {
        outputs.push({name: `output_${i}`, shape: batched(shape)});
      }
    });
    return {sites, outputs};
  }
}
