import type * as tf from '@tensorflow/tfjs-core';
import type {layers} from '@tensorflow/tfjs-layers';
import type {SiteInfo} from '../info.ts';
import {firstOf, itemAt} from '../lib/item.ts';
import type {OnSite} from './adapter.ts';
import type {TrainingCall} from './layer-calls.ts';
import {cellParts, cellSiteName, siteName} from './walk.ts';

/** What a layer's `call` is to do differently. */
export interface CallTap {
  /** The layer hands its input on. */
  readonly isReplaced: boolean;
  /** The layer runs as in evaluation. */
  readonly isStill: boolean;
  /** What it does in training in place of its own `call`, where that gives something. */
  readonly trained: TrainingCall | undefined;
  /** Names of the sites whose values are masked. */
  readonly masked: ReadonlySet<string>;
  readonly path: string;
  /** The sites of the layer's uses that `onSite` is to see. */
  readonly sites: readonly SiteInfo[];
  /** How often each step of a TimeDistributed calls the layer; undefined outside of one. */
  readonly usesPerStep: number | undefined;
  readonly onSite: OnSite;
}

/** What a recurrent layer's cell is to get differently. */
export interface CellTap {
  readonly path: string;
  /** The layer that calls the cell. */
  readonly recurrent: layers.Layer;
  /** The sites of the cell that `onSite` is to see. */
  readonly sites: readonly SiteInfo[];
  /** How often each step of a TimeDistributed calls the recurrent layer; undefined outside of one. */
  readonly usesPerStep: number | undefined;
  readonly onSite: OnSite;
}

type Values = tf.Tensor | tf.Tensor[];
/** Of one value or several, where they carry one; tfjs's types do not say so. */
type Masks = tf.Tensor | null | (tf.Tensor | null)[];
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
  setCall(
    layer: layers.Layer,
    {path, isReplaced, isStill, trained, masked, sites, usesPerStep, onSite}: CallTap,
  ): void {
    const original = layer.call.bind(layer);
    const count = counter(usesPerStep);
    this.set(layer, 'call', (inputs: Values, kwargs: Kwargs): Values => {
      const {use, step} = count();
      const name = siteName(path, use);
      const site = sites.find((one) => one.name === name);
      // tfjs leaves the last mask that there was where a value has none.
      const mask = masked.has(name) ? (kwargs['mask'] as tf.Tensor | undefined) : undefined;
      const value = isReplaced
        ? firstOf(inputs)
        : ((kwargs['training'] ? trained?.(layer, firstOf(inputs), mask) : undefined) ??
          original(inputs, isStill ? {...kwargs, training: false} : kwargs));
      if (!site) return value;
      return Array.isArray(value)
        ? [onSite(firstOf(value), site, step), ...value.slice(1)]
        : onSite(value, site, step);
    });
  }

  /** Hands what a recurrent layer's cell gets through its sites: the values of a time step and the hidden state. */
  setCell(cell: layers.Layer, {path, recurrent, sites, usesPerStep, onSite}: CellTap): void {
    const count = counter(usesPerStep);
    let now = {use: 1, step: 0};
    const sequence = recurrent.call.bind(recurrent);
    this.set(recurrent, 'call', (inputs: Values, kwargs: Kwargs): Values => {
      now = count();
      return sequence(inputs, kwargs);
    });
    const original = cell.call.bind(cell);
    this.set(cell, 'call', (given: tf.Tensor[], kwargs: Kwargs): Values => {
      const {use, step} = now;
      const passed = cellParts.map((part, i) => {
        const site = sites.find(({name}) => name === cellSiteName(path, use, part));
        const value = itemAt(given, i);
        return site ? onSite(value, site, step) : value;
      });
      return original([...passed, ...given.slice(passed.length)], kwargs);
    });
  }

  /** Sees the mask of what each use of a layer hands on, where tfjs hands one on with it. */
  setMask(layer: layers.Layer, path: string, onMask: (site: string, mask: tf.Tensor) => void): void {
    const original = layer.computeMask.bind(layer);
    const count = counter(undefined);
    this.set(layer, 'computeMask', (inputs: Values, given?: (tf.Tensor | null)[]): Masks => {
      const made: Masks = original(inputs, given as tf.Tensor[]);
      // Without masks it is asked for what nobody reads, and once more for each use.
      const [mask] = given ? [made].flat() : [];
      if (given) {
        const {use} = count();
        if (mask) onMask(siteName(path, use), mask);
      }
      return made;
    });
  }

  remove(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo.length = 0;
  }
}

/** Which use of a layer its next call is, from 1, and in which step of a TimeDistributed, from 0. */
function counter(usesPerStep: number | undefined): () => {readonly use: number; readonly step: number} {
  let calls = 0;
  return () => {
    const call = calls++;
    return usesPerStep
      ? {use: (call % usesPerStep) + 1, step: Math.floor(call / usesPerStep)}
      : {use: call + 1, step: 0};
  };
}
