import * as tf from '@tensorflow/tfjs-core';
import type {ModelAdapter} from '../adapter/adapter.ts';
import {RegularizerError} from '../errors.ts';
import type {Regularizer} from '../hooks.ts';
import type {Tensors} from '../info.ts';
import type {Loss} from '../losses.ts';
import type {BoundMetric} from '../metrics.ts';
import {mapValues, type Optimizer} from '../optimizers/optimizer.ts';
import type {MemberState} from '../state/member-state.ts';
import {orderDerivers} from './derivers.ts';
import {bind, type Program} from './program.ts';
import {runSetups} from './setup.ts';

/** What a member's program is built from. */
export interface BuildRequest {
  readonly adapter: ModelAdapter;
  readonly optimizer: Optimizer;
  readonly losses: readonly Loss[];
  readonly lossWeights: readonly number[];
  readonly metrics: readonly BoundMetric[];
  /** Checked and in order. */
  readonly plugins: readonly Regularizer[];
  readonly seed: number;
  readonly member: number;
  /** This member's initial weights; taken over. */
  readonly initial: Tensors;
}

/** A member's program, and the state it starts from. */
export interface Built {
  readonly program: Program;
  readonly state: MemberState;
}

/** Runs the plugins' `setup` and puts together what the step of one member is made from. */
export function build(request: BuildRequest): Built {
  const {adapter, optimizer, losses, lossWeights, metrics, plugins, seed, member} = request;
  const {setups, weights, initial, states} = runSetups(request);
  const bound = plugins.flatMap((plugin) => {
    const setup = setups.get(plugin.name);
    return setup ? [bind(plugin, setup, adapter.sites)] : [];
  });
  const derivers = orderDerivers(bound, weights);
  const trained = weights.filter(({role}) => role === 'trained').map(({name}) => name);
  if (trained.length === 0) {
    throw new RegularizerError({
      where: 'trainer',
      code: 'nothing-to-train',
      message: 'no weight of the model is trainable',
      hint: 'Set trainable: true on a layer.',
    });
  }
  const sites = new Set(bound.flatMap(({at, observe}) => [...at, ...observe]));
  const derived = new Set(weights.filter(({role}) => role === 'derived').map(({name}) => name));
  const program: Program = {
    adapter,
    optimizer,
    losses,
    lossWeights,
    metrics,
    seed,
    member,
    weights,
    trained,
    plugins: bound,
    derivers,
    sites,
  };
  const base = Object.fromEntries(Object.entries(initial).filter(([name]) => !derived.has(name)));
  for (const name of derived) initial[name]?.dispose();
  const first = Object.fromEntries(trained.map((name) => [name, base[name]!]));
  const {fresh, totals} = tf.tidy(() => ({
    fresh: optimizer.init(first),
    totals: tf.zeros([2 + metrics.length]),
  }));
  return {program, state: {weights: mapValues(base, (w) => w), optimizer: fresh, plugins: states, totals}};
}
