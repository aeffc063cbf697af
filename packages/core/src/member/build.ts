import * as tf from '@tensorflow/tfjs-core';
import {checkAnswer} from '../answers/answer.ts';
import {wrongTree} from '../answers/tree.ts';
import type {Tensors, WeightInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {entryOf} from '../lib/item.ts';
import {mapValues} from '../lib/map-values.ts';
import {scope} from '../lib/scope.ts';
import {pickTensors} from '../lib/tensors.ts';
import {type StateTree, tensorsOf} from '../lib/tree.ts';
import {metricsWidth} from '../losses/reported.ts';
import type {Optimizer} from '../optimizers/optimizer.ts';
import {orderDerivers} from '../plugins/derivers.ts';
import {ownPenaltyNames} from '../plugins/penalties.ts';
import {type BoundPlugin, bind, having, type Program, withDerived} from '../plugins/program.ts';
import {runSetups} from '../plugins/setup.ts';
import type {Regularizer} from '../regularizer.ts';
import type {MemberState} from '../state/member-state.ts';
import {structureOf} from '../state/structure.ts';

/** What a member's program is built from. */
export interface BuildRequest
  extends Pick<Program, 'adapter' | 'optimizer' | 'losses' | 'lossWeights' | 'reported' | 'seed' | 'member'> {
  /** Checked and in order. */
  readonly plugins: readonly Regularizer[];
  /** This member's initial weights; taken over. */
  readonly initial: Tensors;
}

/** A member's program, and the state it starts from. */
export interface Built {
  readonly program: Program;
  readonly state: MemberState;
}

/**
 * Runs the plugins' `setup` and puts together what the step of one member is made from.
 *
 * @throws RegularizerError for plugins that do not suit the model or one another
 */
export function build(request: BuildRequest): Built {
  const handedOver = new Set<tf.Tensor>(Object.values(request.initial));
  try {
    const built = buildFrom(request, handedOver);
    const used = new Set(tensorsOf(built.state));
    disposeAll([...handedOver].filter((tensor) => !used.has(tensor)));
    return built;
  } catch (error) {
    disposeAll(handedOver);
    throw error;
  }
}

function buildFrom(request: BuildRequest, made: Set<tf.Tensor>): Built {
  const {adapter, optimizer, losses, lossWeights, reported, plugins, seed, member} = request;
  const {setups, choices, weights, initial, states, structures} = runSetups({...request, made});
  const bound = plugins.flatMap((plugin) => {
    const setup = setups.get(plugin.name);
    return setup ? [bind(plugin, setup, choices.get(plugin.name) ?? {})] : [];
  });
  const trained = namesOf(weights, 'trained');
  if (trained.length === 0) {
    throw new RegularizerError({
      where: 'trainer',
      code: 'nothing-to-train',
      message: 'no weight of the model is trainable',
      hint: 'Set trainable: true on a layer.',
    });
  }
  const derived = new Set(namesOf(weights, 'derived'));
  const base = Object.fromEntries(Object.entries(initial).filter(([name]) => !derived.has(name)));
  const first = pickTensors(base, trained);
  const {fresh, totals} = scope(() => ({
    fresh: firstState(optimizer, first),
    totals: tf.zeros([
      2 + ownPenaltyNames({plugins: bound}).length + reported.ownLosses.length + metricsWidth(reported),
    ]),
  }));
  for (const tensor of tensorsOf([fresh, totals])) made.add(tensor);
  const weightSpecs = mapValues(initial, ({dtype, shape}) => ({dtype, shape}));
  const derivers = orderDerivers(having({plugins: bound}, 'derive'), weights);
  const program: Program = {
    adapter,
    optimizer,
    losses,
    lossWeights,
    reported,
    seed,
    member,
    weights,
    weightSpecs,
    trained,
    plugins: bound,
    derivers: derivers.map((plugin) => ({
      ...plugin,
      gives: pickSpecs(weightSpecs, plugin),
    })),
    sites: new Set(bound.flatMap(({at, observe}) => [...at, ...observe])),
    structure: {
      kind: 'record',
      fields: {
        weights: structureOf(base),
        optimizer: structureOf(fresh),
        plugins: {kind: 'record', fields: structures},
        totals: structureOf(totals),
      },
    },
  };
  // What is derived wrongly is said now, and not in the first step.
  scope(() => {
    withDerived(program, base);
  });
  return {program, state: {weights: base, optimizer: fresh, plugins: states, totals}};
}

function firstState(optimizer: Optimizer, weights: Tensors): StateTree {
  const state: unknown = optimizer.init(weights);
  checkAnswer({name: optimizer.name, hook: 'init'}, 'its first state', state, wrongTree);
  return state as StateTree;
}

function pickSpecs(specs: Program['weightSpecs'], {derived}: BoundPlugin): Program['weightSpecs'] {
  return Object.fromEntries(derived.map(({name}) => [name, entryOf(specs, name)]));
}

function namesOf(weights: readonly WeightInfo[], role: WeightInfo['role']): readonly string[] {
  return weights.filter((info) => info.role === role).map(({name}) => name);
}

function disposeAll(tensors: Iterable<tf.Tensor>): void {
  for (const tensor of tensors) tensor.dispose();
}
