import type {Tensor} from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import type {SiteInfo} from '../info.ts';
import type {OnSite} from './adapter.ts';
import type {LayerCall} from './layer-calls.ts';
import {siteName} from './walk.ts';

/** What a layer's `call` is to do differently. */
export interface CallTap {
  /** The layer hands its input on. */
  readonly isReplaced: boolean;
  /** The layer runs as in evaluation. */
  readonly isStill: boolean;
  /** The backend's own way of doing what the layer does. */
  readonly faster: LayerCall | undefined;
  /** The sites of the layer's uses that `onSite` is to see. */
  readonly sites: readonly SiteInfo[];
  /** How often each step of a TimeDistributed calls the layer; undefined outside of one. */
  readonly usesPerStep: number | undefined;
  readonly onSite: OnSite;
}

type Values = Tensor | Tensor[];
type Kwargs = Record<string, unknown>;

/** Overrides on instances, all taken off again by {@link Taps.remove}, last one first. */
export class Taps {
  readonly #undo: (() => void)[] = [];

  /** Overrides one member of one object. */
  set(target: object, member: string, value: unknown): void {
    const own = Object.getOwnPropertyDescriptor(target, member);
    Object.defineProperty(target, member, {value, configurable: true, writable: true});
    this.#undo.push(() => {
      if (own) Object.defineProperty(target, member, own);
      else Reflect.deleteProperty(target, member);
    });
  }

  /** Overrides a layer's `call`. */
  setCall(layer: layers.Layer, {isReplaced, isStill, faster, sites, usesPerStep, onSite}: CallTap): void {
    const original = layer.call.bind(layer);
    let uses = 0;
    this.set(layer, 'call', (inputs: Values, kwargs: Kwargs): Values => {
      const [use, step] = usesPerStep ? [uses % usesPerStep, Math.floor(uses / usesPerStep)] : [uses, 0];
      uses += 1;
      const site = sites.find(({name, layer: path}) => name === siteName(path, use + 1));
      const value = isReplaced
        ? firstOf(inputs)
        : ((kwargs['training'] ? faster?.(layer, firstOf(inputs)) : undefined) ??
          original(inputs, isStill ? {...kwargs, training: false} : kwargs));
      if (!site) return value;
      return Array.isArray(value)
        ? [onSite(firstOf(value), site, step), ...value.slice(1)]
        : onSite(value, site, step);
    });
  }

  remove(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo.length = 0;
  }
}

function firstOf(values: Values): Tensor {
  return Array.isArray(values) ? values[0]! : values;
}
