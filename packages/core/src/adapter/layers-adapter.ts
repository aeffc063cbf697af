import * as tf from '@tensorflow/tfjs-core';
import type {layers, LayersModel} from '@tensorflow/tfjs-layers';
import {deriveKey} from '@regularizers/random';
import {RegularizerError} from '../errors.ts';
import type {Finding, PortInfo, SiteInfo, Tensors, WeightInfo} from '../info.ts';
import type {ForwardRequest, ForwardResult, ModelAdapter} from './adapter.ts';
import {findingsOf} from './findings.ts';
import {initialValue} from './initializers.ts';
import {initializerOf} from './initializer-of.ts';
import {Taps} from './taps.ts';
import {
  configOf,
  type LayerVariable,
  outputShapeOf,
  shortNameOf,
  variablesOf,
  type WalkedLayer,
  walkLayers,
} from './walk.ts';

interface Weight {
  readonly info: WeightInfo;
  readonly variable: LayerVariable;
  readonly layer: layers.Layer;
}

/**
 * Makes an unmodified `tf.LayersModel` a pure function of its weights: for the length of a forward pass, the
 * variables' `read` and `write` and the layers' `call` are overridden on the instances, and put back after it.
 */
export class LayersAdapter implements ModelAdapter {
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  readonly weights: readonly WeightInfo[];
  readonly sites: readonly SiteInfo[];
  readonly findings: readonly Finding[];
  readonly #model: LayersModel;
  readonly #walked: readonly WalkedLayer[];
  readonly #weights: readonly Weight[];
  #takenOver: ReadonlySet<string> = new Set();

  constructor(model: LayersModel) {
    requireBuilt(model);
    this.#model = model;
    this.#walked = walkLayers(model).filter(({layer}) => layer.getClassName() !== 'InputLayer');
    this.#weights = collectWeights(model, this.#walked);
    this.weights = this.#weights.map(({info}) => info);
    this.sites = collectSites(this.#walked);
    this.findings = this.#walked.flatMap(findingsOf);
    this.inputs = portsOf(model.inputs);
    this.outputs = portsOf(model.outputs);
  }

  read(): Tensors {
    return Object.fromEntries(
      this.#weights.map(({info, variable}) => [info.name, tf.keep(tf.clone(variable.read()))]),
    );
  }

  write(weights: Tensors): void {
    for (const {info, variable} of this.#weights) {
      const value = weights[info.name];
      // Straight into the variable: LayerVariable.write would apply tfjs's constraint once more.
      if (value) (variable.read() as tf.Variable).assign(value);
    }
  }

  fresh(seed: number, member: number): Tensors {
    return Object.fromEntries(
      this.#weights.map(({info, layer, variable}, ordinal) => {
        if (info.role === 'frozen') return [info.name, tf.keep(tf.clone(variable.read()))];
        const initializer = initializerOf(layer, info);
        const key = deriveKey(seed, member, 'core', 'initial', ordinal);
        const shape = [...info.shape];
        const value = initialValue({weight: info.name, shape, initializer, key});
        return [info.name, tf.keep(tf.tensor(value, shape))];
      }),
    );
  }

  takeOver(findingIds: ReadonlySet<string>): void {
    this.#takenOver = findingIds;
  }

  forward({inputs, weights, training, sites, onSite}: ForwardRequest): ForwardResult {
    const written: Record<string, tf.Tensor> = {};
    const taps = new Taps();
    try {
      for (const {info, variable} of this.#weights) {
        taps.set(variable, 'read', () => written[info.name] ?? weights[info.name]);
        taps.set(variable, 'write', (value: tf.Tensor) => {
          // tfjs writes statistics inside a tidy of its own, which would dispose of them.
          if (info.role === 'statistic') written[info.name] = tf.keep(value);
          return variable;
        });
      }
      this.#tapLayers(taps, training, sites, onSite);
      const fed = inputs.length === 1 ? inputs[0]! : [...inputs];
      const output = this.#model.apply(fed, {training}) as tf.Tensor | tf.Tensor[];
      return {outputs: Array.isArray(output) ? output : [output], written};
    } finally {
      taps.remove();
    }
  }

  #tapLayers(
    taps: Taps,
    training: boolean,
    sites: ForwardRequest['sites'],
    onSite: ForwardRequest['onSite'],
  ): void {
    for (const {layer, path, isFrozen, isLeaf} of this.#walked) {
      const observed = this.sites.filter((site) => site.layer === path && sites.has(site.name));
      const isReplaced = this.#takenOver.has(path);
      // A frozen batch normalization must not follow the batch; tfjs's does.
      const isStill = training && isFrozen && isLeaf;
      if (observed.length === 0 && !isReplaced && !isStill) continue;
      taps.setCall(layer, {isReplaced, isStill, sites: observed, onSite});
    }
  }
}

function requireBuilt(model: LayersModel): void {
  if (model.outputs?.length > 0) {
    // A Sequential with a known input shape still has no graph until it is asked for.
    if (!model.built) model.build(model.inputs[0]!.shape);
    return;
  }
  throw new RegularizerError({
    where: 'trainer',
    code: 'model-not-built',
    message: `the model ${model.name} has no input shape yet`,
    hint: 'Give its first layer an inputShape, or call model.build(inputShape).',
  });
}

function collectWeights(model: LayersModel, walked: readonly WalkedLayer[]): Weight[] {
  const trainable = new Set(
    (model.trainableWeights as unknown as readonly LayerVariable[]).map(({id}) => id),
  );
  const seen = new Set<number>();
  const found: Weight[] = [];
  for (const {layer, path, isLeaf, isFrozen} of walked) {
    if (!isLeaf) continue;
    for (const variable of variablesOf(layer)) {
      if (seen.has(variable.id)) continue;
      seen.add(variable.id);
      const shortName = shortNameOf(variable);
      const role = trainable.has(variable.id) ? 'trained' : isFrozen ? 'frozen' : 'statistic';
      const shape = variable.shape.map((n) => n ?? 1);
      const info: WeightInfo = {
        name: `${path}/${shortName}`,
        shortName,
        shape,
        role,
        layer: path,
        layerClass: layer.getClassName(),
        owner: undefined,
      };
      found.push({info, variable, layer});
    }
  }
  return found;
}

function collectSites(walked: readonly WalkedLayer[]): SiteInfo[] {
  const sites: SiteInfo[] = [];
  for (const {layer, path, uses, isOutput} of walked) {
    const shape = uses > 0 ? outputShapeOf(layer) : [];
    const config = uses > 0 ? configOf(layer) : {};
    for (let use = 1; use <= uses; use++) {
      const name = use === 1 ? path : `${path}#${use}`;
      const layerClass = layer.getClassName();
      sites.push({name, layer: path, layerClass, shape, index: sites.length, isOutput, config});
    }
  }
  return sites;
}

function portsOf(symbols: readonly {name: string; shape: readonly (number | null)[]}[]): PortInfo[] {
  return symbols.map(({name, shape}) => ({name: name.split('/')[0] ?? name, shape}));
}
