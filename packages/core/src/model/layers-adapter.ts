import {deriveKey} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Finding, PortInfo, SiteInfo, Tensors, WeightInfo} from '../info.ts';
import {fail} from '../lib/errors.ts';
import {alone, itemAt} from '../lib/item.ts';
import {letGo} from '../lib/scope.ts';
import type {ForwardRequest, ForwardResult, ModelAdapter, OnSite} from './adapter.ts';
import {requireBuilt} from './built.ts';
import {collectPlaces, collectWeights, portsOf, type Weight} from './describe.ts';
import {cellOptions, findingsOf} from './findings.ts';
import {initializerOf} from './initializer-of.ts';
import {initialValue} from './initializers.ts';
import {stillCallFor, trainingCallFor} from './layer-calls.ts';
import {type MaskFlow, maskFlow} from './mask-flow.ts';
import {makesMask, tapMasking} from './masking.ts';
import {activatedOutput} from './output-activation.ts';
import {Taps} from './taps.ts';
import {type LayerVariable, type WalkedLayer, walkLayers} from './walk.ts';

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
  readonly #masks: MaskFlow;
  #takenOver: ReadonlySet<string> = new Set();

  constructor(model: LayersModel) {
    requireBuilt(model);
    this.#model = model;
    this.#walked = walkLayers(model).filter(({layer}) => layer.getClassName() !== 'InputLayer');
    this.#weights = collectWeights(model, this.#walked);
    this.weights = this.#weights.map(({info}) => info);
    const {sites, inputs} = collectPlaces(model, this.#walked, this.#weights);
    this.#masks = maskFlow(model, this.#walked);
    const {padding, sites: masked} = this.#masks;
    this.sites = sites.map((site) => (masked.has(site.name) ? {...site, isMasked: true} : site));
    this.inputs = inputs.map((port, i) => {
      const filled = padding[i];
      return filled === undefined ? port : {...port, padding: filled};
    });
    this.findings = this.#walked.flatMap(findingsOf);
    for (const {info, variable} of this.#weights) requireAlive(info.name, variable);
    this.outputs = portsOf(model.outputs).map((port, output) => {
      const activated = activatedOutput(model, output);
      return {
        ...port,
        ...(activated ? {activation: activated.activation} : {}),
        ...(this.#masks.outputs[output] === undefined ? {} : {isMasked: true}),
      };
    });
  }

  check(): void {
    for (const {info, variable} of this.#weights) requireAlive(info.name, variable);
    const walked = walkLayers(this.#model).filter(({layer}) => layer.getClassName() !== 'InputLayer');
    const now = collectWeights(this.#model, walked);
    const changed =
      changedName(
        this.#walked.map(({layer, path, isFrozen}) => [path, layer, isFrozen]),
        walked.map(({layer, path, isFrozen}) => [path, layer, isFrozen]),
      ) ??
      changedName(
        this.#weights.map(({info, variable}) => [info.name, variable, info.role]),
        now.map(({info, variable}) => [info.name, variable, info.role]),
      );
    if (changed === undefined) return;
    fail(
      'model-changed',
      `the model has changed since the trainer was made of it: ${changed} is another, or trainable was set`,
      'Change the model first, and make a trainer of it then; what was trained so far is in its weights.',
    );
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
      if (!value) continue;
      requireAlive(info.name, variable);
      (variable.read() as tf.Variable).assign(value);
    }
  }

  fresh(seed: number, member: number, only?: ReadonlySet<string>): Tensors {
    return Object.fromEntries(
      this.#weights.map(({info, layer, variable}, ordinal) => {
        if (info.role === 'frozen' || only?.has(info.name) === false)
          return [info.name, tf.keep(tf.clone(variable.read()))];
        const initializer = initializerOf(layer, info);
        const key = deriveKey(seed, member, 'core', 'initial', ordinal);
        const shape = [...info.shape];
        const value = initialValue({weight: info.name, shape, initializer, key});
        return [info.name, tf.keep(tf.tensor(value, shape))];
      }),
    );
  }

  async findTrained(): Promise<string | undefined> {
    const {couldBeInitial} = await import('./could-be-initial.ts');
    for (const {info, layer, variable} of this.#weights) {
      if (info.role === 'frozen') continue;
      const values = await variable.read().data();
      if (!couldBeInitial(values, info.shape, initializerOf(layer, info))) return info.name;
    }
    return undefined;
  }

  takeOver(findingIds: ReadonlySet<string>): void {
    this.#takenOver = findingIds;
  }

  forward(request: ForwardRequest): ForwardResult {
    const {inputs, training, withoutActivation} = request;
    const written = new Map<string, tf.Tensor>();
    const masks = new Map<string, tf.Tensor>();
    const taps = new Taps();
    try {
      this.#tapWeights(taps, request, written);
      const seen = this.#tapMasks(taps, request, masks);
      this.#tapLayers(taps, seen);
      for (const output of withoutActivation ?? []) {
        const activated = activatedOutput(this.#model, output);
        if (activated) taps.set(activated.layer, 'activation', identity);
      }
      const fed = inputs.map((value, i) => this.#passInput(value, i, seen));
      const output = this.#model.apply(alone(fed), {training}) as tf.Tensor | tf.Tensor[];
      return {
        outputs: Array.isArray(output) ? output : [output],
        written: Object.fromEntries(written),
        masks: {
          outputs: this.#masks.outputs.map((site) => (site === undefined ? undefined : masks.get(site))),
          sites: Object.fromEntries([...masks].filter(([name]) => request.sites.has(name))),
        },
      };
    } finally {
      taps.remove();
      for (const tensor of [...written.values(), ...masks.values()]) letGo(tensor);
    }
  }

  #tapWeights(taps: Taps, {weights, batchStatistics}: ForwardRequest, written: Map<string, tf.Tensor>): void {
    for (const {info, variable, layer} of this.#weights) {
      taps.set(variable, 'read', () => written.get(info.name) ?? weights[info.name]);
      taps.set(variable, 'write', (value: tf.Tensor) => {
        if (info.role !== 'statistic') return variable;
        const last = written.get(info.name);
        // tfjs writes statistics inside a tidy of its own, which would dispose of them.
        written.set(info.name, tf.keep(value));
        if (last) letGo(last);
        return variable;
      });
      // m·old + (1 − m)·batch is the batch's own at m = 0.
      if (batchStatistics && info.role === 'statistic') taps.set(layer, 'momentum', 0);
    }
  }

  /** Takes note of the masks that are asked for. What sites are handed is remembered, for masks are made of that. */
  #tapMasks(taps: Taps, request: ForwardRequest, masks: Map<string, tf.Tensor>): ForwardRequest {
    if (this.#masks.sites.size === 0) return request;
    const cleanValues = new WeakMap<tf.Tensor, tf.Tensor>();
    const clean = (value: tf.Tensor): tf.Tensor => cleanValues.get(value) ?? value;
    const wanted = [...this.#masks.sites].filter(
      (name) => request.sites.has(name) || this.#masks.outputs.includes(name),
    );
    for (const {layer, path} of this.#walked) {
      if (makesMask(layer)) tapMasking(taps, layer, clean);
      taps.setMask(layer, path, (site, mask) => {
        // tfjs disposes of masks at the end of the pass.
        if (wanted.includes(site)) masks.set(site, tf.keep(tf.cast(mask, 'float32')));
      });
    }
    const onSite: OnSite = (value, site, step) => {
      const changed = request.onSite(value, site, step);
      if (changed !== value) cleanValues.set(changed, clean(value));
      return changed;
    };
    return {...request, onSite};
  }

  #passInput(value: tf.Tensor, input: number, {sites, onSite}: ForwardRequest): tf.Tensor {
    const {name} = itemAt(this.inputs, input);
    if (!sites.has(name)) return value;
    const site = this.sites.find(({name: one, layerClass}) => one === name && layerClass === 'InputLayer');
    return site ? onSite(value, site, 0) : value;
  }

  #tapLayers(taps: Taps, {training, sites, onSite}: ForwardRequest): void {
    const asked = this.sites.filter(({name}) => sites.has(name));
    for (const {layer, path, uses, perStep, isFrozen, isLeaf, recurrent} of this.#walked) {
      // A wrapper and what it wraps share a path, but only the wrapper hands on the site's value.
      const observed = uses > 0 ? asked.filter((site) => site.layer === path && !site.cell) : [];
      const isReplaced = this.#takenOver.has(path);
      // A frozen batch normalization must not follow the batch; tfjs's does.
      const isStill = training && isFrozen && isLeaf;
      const callFor = isStill ? stillCallFor : trainingCallFor;
      const trained = training && isLeaf ? callFor(layer) : undefined;
      if (observed.length > 0 || isReplaced || isStill || trained) {
        taps.setCall(layer, {
          path,
          isReplaced,
          isStill,
          trained,
          masked: this.#masks.sites,
          sites: observed,
          usesPerStep: perStep ? uses : undefined,
          onSite,
        });
      }
      const received = recurrent ? asked.filter((site) => site.layer === path && site.cell) : [];
      if (recurrent && received.length > 0) {
        taps.setCell(layer, {
          path,
          recurrent: recurrent.layer,
          sites: received,
          usesPerStep: perStep ? recurrent.uses : undefined,
          onSite,
        });
      }
      for (const option of Object.keys(cellOptions)) {
        if (isLeaf && this.#takenOver.has(`${path}/${option}`)) taps.set(layer, option, 0);
      }
    }
  }
}

type Part = readonly [name: string, identity: object, role: unknown];

/** The name of the first part that is not what it was. */
function changedName(before: readonly Part[], now: readonly Part[]): string | undefined {
  const length = Math.max(before.length, now.length);
  for (let i = 0; i < length; i++) {
    const [was, is] = [before[i], now[i]];
    if (was?.[0] !== is?.[0] || was?.[1] !== is?.[1] || was?.[2] !== is?.[2]) return (is ?? was)?.[0];
  }
  return undefined;
}

function requireAlive(name: string, {val}: LayerVariable): void {
  if (!val.isDisposed) return;
  fail(
    'model-disposed',
    `the model's weight ${name} is disposed of`,
    'Dispose of a model after its trainer.',
  );
}

/** An activation that does nothing, as far as layers use one. */
const identity = {getClassName: () => 'linear', apply: (value: tf.Tensor): tf.Tensor => value};
