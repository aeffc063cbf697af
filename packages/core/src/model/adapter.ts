import type * as tf from '@tensorflow/tfjs-core';
import type {Finding, PortInfo, SiteInfo, Tensors, WeightInfo} from '../info.ts';

/**
 * Sees the value at a site, and may replace it. A layer within a TimeDistributed hands on one for each step; `step`
 * counts from 0, and is 0 outside of one.
 */
export type OnSite = (value: tf.Tensor, site: SiteInfo, step: number) => tf.Tensor;

/** How one forward pass is to run. */
export interface ForwardRequest {
  /** One tensor per input. */
  readonly inputs: readonly tf.Tensor[];
  /** The tensors that the model reads in place of its own weights, by name. */
  readonly weights: Tensors;
  readonly training: boolean;
  /** Sites whose value `onSite` may replace, by name. */
  readonly sites: ReadonlySet<string>;
  readonly onSite: OnSite;
  /** Outputs, by position, to give as they are before their `activation`. @defaultValue none */
  readonly withoutActivation?: ReadonlySet<number>;
  /** Write the statistics of this batch alone, not a moving average. @defaultValue false */
  readonly batchStatistics?: boolean;
}

/** What one forward pass gave. */
export interface ForwardResult {
  readonly outputs: readonly tf.Tensor[];
  /** Statistics that the pass wrote, by weight name; not of frozen layers. */
  readonly written: Tensors;
  /** What counts, 1, and what is padding, 0. */
  readonly masks: Masks;
}

/** Masks of values, `[batch, steps]` each. */
export interface Masks {
  /** Of each output, where it carries one. */
  readonly outputs: readonly (tf.Tensor | undefined)[];
  /** Of the sites that were asked for, where they carry one. */
  readonly sites: Tensors;
}

/** A model as the trainer sees it: weights by name, sites, and a forward pass that is a pure function. */
export interface ModelAdapter {
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  readonly weights: readonly WeightInfo[];
  readonly sites: readonly SiteInfo[];
  readonly findings: readonly Finding[];
  /**
   * Checks that the model still is what was made of it here.
   *
   * @throws RegularizerError with code `model-changed` or `model-disposed`
   */
  check(): void;
  /** Copies of the model's own weights. */
  read(): Tensors;
  /** Writes weights into the model; names it does not have are passed over. A pure model stays as it is. */
  write(weights: Tensors): void;
  /**
   * New initial weights, drawn on the host, the same on every backend; frozen ones are copies of the model's own, and
   * so are those that are not in `only`, where it is given.
   */
  fresh(seed: number, member: number, only?: ReadonlySet<string>): Tensors;
  /** The name of a weight that its initializer could not have given: the model has been trained, or loaded. */
  findTrained(): Promise<string | undefined>;
  /** Switches a layer's own stochastic behaviour off, since a plugin does it. */
  takeOver(findingIds: ReadonlySet<string>): void;
  forward(request: ForwardRequest): ForwardResult;
}
