/**
 * The contract between the trainer and its plugins. A plugin is an object with any of these hooks, and this is the loop
 * that calls them.
 *
 * ```text
 * setup            the model's weights and sites, the losses → this plugin's plan, first state, own weights
 * check            the run → an error for what cannot work, before anything is trained
 * adapt            what the training data is like → state, or an error; before the first step of each run
 * for each member  (1, unless a plugin asks for more)
 *   for each epoch
 *     sample       example indices → example indices              bootstrap, classes equally often
 *     for each batch
 *       scalars    host numbers for this step                     learning-rate factor, a rate that warms up
 *       ┌─ the step: pure, synchronous, tensors in and tensors out ─────────────────────────────────
 *       │ batch      inputs and targets → inputs and targets       augmentation, input noise, mixup
 *       │ weights    weights → those that this step computes with  DropConnect, weight noise
 *       │ derive     weights → the weights that are functions of others      tying, sharing, convolution
 *       │ activation value at a site → value                       dropout, stochastic depth
 *       │ targets    targets, given the model's outputs → targets  bootstrapped targets, distillation
 *       │ (loss)     data loss of the batch; core owns it
 *       │ penalty    weights, outputs, sites → scalar, summed      l1, l2, soft sharing
 *       │ gradients  gradients → gradients                         clipping, gradient noise
 *       │ (update)   the optimizer; core owns it
 *       │ project    weights → weights                             decoupled decay, max-norm
 *       │ track      state → state                                 EMA, counters on the device
 *       └────────────────────────────────────────────────────────────────────────────────────────────
 *       (evaluate, evaluated)   as often as a plugin asks for
 *     collect      weights → state, at the end of each epoch    weight averages, snapshots
 *     (evaluate)   with the weights that the owner of `evaluation` names
 *     evaluated    report → go on | stop, and why; mark these weights
 *     epochEnd     report → the same, at the end of each epoch
 *   finish         which weights the model is left with; then derived ones are written out, taps taken off
 * wherever a model is evaluated or predicts, in the run and after it:
 *   evaluation     the weights to do it with: the trained ones, their average, several sets of them
 *   derive         as in the step; of the plugins' other hooks none runs,
 *   (weights, activation)   but these, with draws of each pass, where the owner of `passes` asks for several
 *   combine        the predictions of all sets, passes and members → one       mean, vote, logits
 * explain          plan and state → sentences for trainer.explain()
 * assemble         plain models of all sets and members → one that predicts as they do together
 * ```
 *
 * What `collect`, `evaluated` and `epochEnd` of all plugins come to is taken over at once, after the last of them:
 * what is saved meanwhile, or left by an error, is the state from before, and going on from it runs them again.
 *
 * `weights`, `derive`, `gradients` and `project` return by name what they change, and nothing else: what is not returned
 * stays as it is, and a name that a hook may not change is an error.
 *
 * The hooks inside the step read state and return values: they never assign, await, read a tensor back, or
 * draw host randomness, so that the step can be captured once and replayed as one graph. What changes from
 * step to step comes in through `scalars` and keys, never as a number in a closure. Core disposes of every
 * tensor: plugins never call `tidy`, `keep` or `dispose`.
 *
 * @packageDocumentation
 */

import type {Key, KeyPair} from '@regularizers/random';
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {
  DataSummary,
  Finding,
  LossInfo,
  PortInfo,
  Settings,
  SiteInfo,
  Tensors,
  WeightInfo,
} from './info.ts';
import type {StateTree} from './lib/tree.ts';
import type {Others, Tag} from './tags.ts';

/** One entry of an output's list of targets: the data loss is Σ weightₖ · loss(targetₖ, output). */
export interface WeightedTarget {
  /** Shape of the output, `[batch, ...]`; integer classes arrive as one-hot. */
  readonly target: tf.Tensor;
  /** One number for the batch, or a tensor `[batch]`; of the steps of an output `[batch, steps, ...]`, `[batch, steps]`. */
  readonly weight: number | tf.Tensor;
}

/** A batch on its way into the model. */
export interface Batch {
  /** One tensor `[batch, ...]` per input of the model, of the type that its {@link PortInfo} says. */
  readonly inputs: readonly tf.Tensor[];
  /** One list of weighted targets per output of the model. */
  readonly targets: readonly (readonly WeightedTarget[])[];
  /** Examples in the batch; a `batch` hook may make more of them. */
  readonly size: number;
}

/** What is fixed for one member's part in a run of `fit`. */
export interface RunInfo {
  /** Training examples, or undefined for a stream of unknown length. */
  readonly examples: number | undefined;
  readonly batchSize: number;
  readonly epochs: number;
  /** Optimizer steps in an epoch of the member's sample, or undefined for a stream of unknown length. */
  readonly stepsPerEpoch: number | undefined;
}

/**
 * What the hooks of a forward pass, `weights` and `activation`, may read. There are passes without a step, in evaluations
 * and predictions: what is to change from step to step there, `track` has to put into the state.
 */
export interface PassStep<Plan = unknown, State extends StateTree = StateTree> {
  /** What the plugin's `setup` worked out. */
  readonly plan: Plan;
  /** The plugin's state as of the last step. */
  readonly state: State;
  /**
   * The key of this step, or of this pass, for one purpose of this plugin: other steps, passes, members, plugins and
   * purposes draw from other streams. Asking twice for one purpose gives the same key.
   */
  key(purpose: string): Key;
}

/** What every other hook inside the step may read. Nothing in it may be assigned, awaited or read back. */
export interface Step<Plan = unknown, State extends StateTree = StateTree> extends PassStep<Plan, State> {
  /** What the plugin's `scalars` returned for this step, as 0-D tensors. */
  readonly scalars: Readonly<Record<string, tf.Scalar>>;
  /** The learning rate of this step, schedules and factors included. */
  readonly learningRate: tf.Scalar;
  readonly run: RunInfo;
}

/** The `batch` hook's step: it may ask for the data loss's gradient in the inputs. */
export interface BatchStep<Plan = unknown, State extends StateTree = StateTree> extends Step<Plan, State> {
  /** ∂(data loss)/∂(inputs) of a batch, with the same weights and draws as the step itself. */
  inputGradients(batch: Batch): readonly tf.Tensor[];
}

/** What a penalty may look at. */
export interface Forward {
  /** Clean weights by name, derived and frozen ones included; not the noisy view that the model read. */
  readonly weights: Tensors;
  /** The model's outputs, `[batch, ...]` each. */
  readonly outputs: readonly tf.Tensor[];
  /** Of each output, where the model masks it: `[batch, steps]`, 1 for what counts and 0 for padding. */
  readonly outputMasks: readonly (tf.Tensor | undefined)[];
  /** Values at the sites that the plugin's `setup` asked for in `observe`, by site name. */
  readonly sites: Tensors;
  /** Of those whose value carries a mask: `[batch, steps]`, 1 for what counts and 0 for padding. */
  readonly masks: Tensors;
  readonly batch: Batch;
}

/**
 * A penalty whose gradient is known in closed form, which is cheaper than taping it, and finite where the
 * value overflows. Core adds the gradient to that of the loss, before any `gradients` hook.
 */
export interface AnalyticPenalty {
  /** The penalty's value, for the report. */
  readonly value: tf.Scalar;
  /** ∂penalty/∂weight for the weights it touches; a derived weight's is carried to what it derives from. */
  readonly gradients: Tensors;
}

/** The `gradients` hook's step. */
export interface GradientStep<Plan = unknown, State extends StateTree = StateTree> extends Step<Plan, State> {
  /** The trained weights. */
  readonly weights: Tensors;
  /** Gradient of the objective at other weights: same batch, same draws (sharpness-aware minimization). */
  gradientsAt(weights: Tensors): Tensors;
}

/** The `project` hook's step. */
export interface ProjectStep<Plan = unknown, State extends StateTree = StateTree> extends Step<Plan, State> {
  /** The trained weights before the optimizer's update. */
  readonly previous: Tensors;
}

/** The `track` hook's step. */
export interface TrackStep<Plan = unknown, State extends StateTree = StateTree> extends Step<Plan, State> {
  /** Every weight after the update, projections and statistics included. */
  readonly weights: Tensors;
}

/** Host numbers that say where a run is. Steps and epochs count from 1. */
export interface StepPosition {
  /** Optimizer steps of this member so far, this one included. */
  readonly step: number;
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly member: number;
  readonly run: RunInfo;
}

/** What `sample` may read. */
export interface SampleContext<Plan = unknown> {
  readonly plan: Plan;
  readonly member: number;
  readonly epoch: number;
  readonly examples: number;
  /** The class number of each example, by the name of the output: of those that have one class per example. */
  readonly classes: Readonly<Record<string, Int32Array>>;
  /** A key that is the same in every epoch of this member. */
  key(purpose: string): KeyPair;
  /** A key of this epoch. */
  epochKey(purpose: string): KeyPair;
}

/**
 * The parts of the training objective, averaged over examples, and the metrics. Where several plugins penalize, what each
 * adds is there too, as `l2/penalty`.
 */
export interface TrainReport {
  /** The data loss. */
  readonly loss: number;
  /** All penalties together. */
  readonly penalty: number;
  /** loss + penalty, what the optimizer descends. */
  readonly objective: number;
  readonly [metric: string]: number;
}

/** Loss and metrics on data with hard targets: no penalty, no noise. */
export interface EvaluationReport {
  readonly loss: number;
  readonly [metric: string]: number;
}

/** One row of `result.history`. */
export interface EpochReport {
  readonly epoch: number;
  readonly member: number;
  /** Optimizer steps of this member so far. */
  readonly step: number;
  readonly train: TrainReport;
  readonly validation?: EvaluationReport;
  /** Wall time of the epoch so far, that before it was stopped included. */
  readonly seconds: number;
  /** The epoch is not at its end: a report in between, or the last row of a run that was stopped. */
  readonly partial?: boolean;
  /**
   * Not to be compared with other rows: whoever chooses the weights to evaluate with has collected none since the
   * last row, or none yet.
   */
  readonly interim?: boolean;
}

/** The names of the values in a run's rows. */
export interface ReportedNames {
  readonly train: readonly string[];
  /** Undefined where `fit` has no validation data. */
  readonly validation: readonly string[] | undefined;
}

/** What `check` may read. */
export interface CheckContext<Plan = unknown> {
  readonly plan: Plan;
  readonly run: RunInfo;
  /** The weight per class that `fit` was given. */
  readonly classWeight: readonly number[] | undefined;
  readonly reported: ReportedNames;
}

/** What `adapt` and `explain` may read. */
export interface PlanAndState<Plan = unknown, State extends StateTree = StateTree> {
  readonly plan: Plan;
  readonly state: State;
}

/** What the host-side hooks `collect`, `evaluated` and `epochEnd` may read. */
export interface HostContext<Plan = unknown, State extends StateTree = StateTree> {
  readonly plan: Plan;
  readonly state: State;
  /** Every weight as it is now, statistics included: values, so keeping one in the state is free. */
  readonly weights: Tensors;
  readonly run: RunInfo;
}

/** What `evaluated` and `epochEnd` may ask for. */
export interface Decision<State extends StateTree = StateTree> {
  /** The plugin's next state; left out, it stays. */
  readonly state?: State;
  /** Ends this member's training; the text says why, and reaches `result.stopped`. */
  readonly stop?: string;
  /** Marks the weights that the report was evaluated with, for `finish` to leave the model with. */
  readonly mark?: boolean;
}

/** Why `finish` runs. */
export type FinishReason = 'completed' | 'stopped' | 'aborted' | 'failed';

/** What `finish` may read. */
export interface FinishContext<Plan = unknown, State extends StateTree = StateTree>
  extends HostContext<Plan, State> {
  readonly reason: FinishReason;
  /** This plugin has marked weights. */
  readonly marked: boolean;
}

/** What `finish` may ask for. */
export interface FinishDecision {
  /**
   * Leave the model with the weights that this plugin marked last. A further `fit` goes on from the state that
   * training has come to all the same.
   */
  readonly restore?: boolean;
}

/** What `setup` may read. */
export interface SetupContext {
  /**
   * Every weight of the model, and those that other plugins bring, which carry an `owner`: all of them, wherever those
   * are listed; to a plugin that brings or derives weights itself, those of plugins set up before. A default selection is
   * of the weights that the model computes with, see `isOfModel`.
   */
  readonly weights: readonly WeightInfo[];
  readonly sites: readonly SiteInfo[];
  readonly inputs: readonly PortInfo[];
  readonly outputs: readonly PortInfo[];
  /** One per output. */
  readonly losses: readonly LossInfo[];
  readonly findings: readonly Finding[];
  /** This member's initial weights by name. */
  readonly initial: Tensors;
  readonly member: number;
  /** A key for what `setup` itself draws (initial values of own weights). */
  key(purpose: string): KeyPair;
  /** Tells `trainer.explain()` what an option has chosen, by name; options that choose do it by themselves. */
  chose(option: string, names: readonly string[]): void;
}

/** A weight that is a function of others, as `derive` computes it. */
export interface Derivation {
  /** The derived weight. */
  readonly name: string;
  /** The weights it is a function of: the model's, or this plugin's own as `plugin/weight`. */
  readonly from: readonly string[];
}

/** What `setup` returns; everything may be left out. */
export interface Setup<Plan = unknown, State extends StateTree = StateTree> {
  /** What the hooks need to know, worked out once: chosen names, constants. Never saved, and no tensors: those are state. */
  readonly plan?: Plan;
  /** The plugin's first state. */
  readonly state?: State;
  /**
   * What the state holds later where the first one doesn't show it, by path (`'best'`, `'snapshots'`): one item of a
   * list that grows, or what comes in place of null. Only type and shape count. Restored states are held against it:
   * elsewhere they have the keys, lengths, types and shapes of the first one.
   */
  readonly later?: Readonly<Record<string, StateTree>>;
  /** Trained weights of the plugin's own, initial values by short name; hooks see them as `plugin/name`. */
  readonly weights?: Tensors;
  /** Other initial values for weights of the model, by name. */
  readonly initial?: Tensors;
  /** The weights that `derive` computes. */
  readonly derived?: readonly Derivation[];
  /** Sites at which `activation` runs, by name; left out, it runs at none. */
  readonly at?: readonly string[];
  /** Sites whose values `penalty` wants to see, by name. */
  readonly observe?: readonly string[];
  /** Ids of the findings that this plugin does right; the layer's own version is switched off. */
  readonly claims?: readonly string[];
  /** Run `evaluated` also every so many optimizer steps. */
  readonly evaluateEvery?: number;
  /** The `evaluation` weights want their batch statistics recomputed by a pass over the training data. */
  readonly recalibrate?: boolean;
  /** At this setting the plugin does nothing: none of its hooks run. */
  readonly idle?: boolean;
}

/** What only one plugin of a trainer may have a say in. */
export type Exclusive =
  /** Which weights are evaluated, predicted with and left in the model. */
  | 'evaluation'
  /** How many members are trained, and how their outputs are combined. */
  | 'members'
  /** How many passes, with draws of their own, each set of weights is evaluated and predicted with. */
  | 'passes'
  /** Which marked weights the model is left with. */
  | 'restore';

/**
 * A regularizer: a plain object with a name, what it declares, and any of the hooks of the loop at the head of this file.
 *
 * @typeParam Name the literal name; two plugins of one trainer may not share it
 * @typeParam Plan what `setup` works out and the hooks read
 * @typeParam State the plugin's state: nested JSON and tensors
 */
export interface Regularizer<
  Name extends string = string,
  Plan = unknown,
  State extends StateTree = StateTree,
> {
  readonly name: Name;
  /** A function has it, so that a factory that was not called is no plugin: `[dropout]` for `[dropout()]`. */
  readonly call?: never;
  /** The options that it was made with, defaults included, for `trainer.explain()`: as `readTechnique` gives them. */
  readonly settings?: Settings;
  /** What it does, in words that the order of other plugins, and what they exclude, may go by. */
  readonly tags?: readonly Tag[];
  /** Runs before each of these, where they are in the trainer. */
  readonly before?: readonly Others[];
  /** Runs after each of these. */
  readonly after?: readonly Others[];
  /**
   * Comes in the order of the user's list with each of these, where neither says `before` or `after`: both orders make
   * sense, and mean different things.
   */
  readonly inListOrder?: readonly Others[];
  /** Cannot be in one trainer with any of these. */
  readonly excludes?: readonly Others[];
  readonly owns?: readonly Exclusive[];
  /** How many members to train; the owner of `members` says. */
  readonly members?: number;
  /**
   * How many passes an evaluation and a prediction make with each set of weights, in which the `weights` and `activation`
   * hooks of all plugins run as in training; the owner of `passes` says. One is without them.
   *
   * @defaultValue 1
   */
  readonly passes?: number;
  /**
   * How many sets of the model's weights it keeps at the most, in its state or as the marked ones, so that what a run
   * takes is known before it takes it.
   *
   * @defaultValue 0
   */
  readonly keeps?: number;
  /**
   * What `combine` takes and gives: the outputs as they are, or as they are before the softmax or sigmoid that makes
   * them, which core takes off and puts back. Of an output that is logits already, itself.
   *
   * @defaultValue 'outputs'
   */
  readonly combineOn?: 'outputs' | 'logits';

  /** Runs once, or once more where other plugins bring weights. */
  setup?(context: SetupContext): Setup<Plan, State>;
  /** Throws for a run that cannot work; returns nothing. */
  check?(context: CheckContext<Plan>): void;
  /**
   * The plugin's next state, with what it takes from the training data; undefined where it has it already. It runs at
   * the start of each `fit`: a run that goes on has the state that it was saved with, which other data may contradict.
   *
   * @throws RegularizerError for data that does not suit
   */
  adapt?(data: DataSummary, context: PlanAndState<Plan, State>): State | undefined;
  /** Which examples an epoch visits; as many in each, so that schedules know how long the run is. */
  sample?(indices: Int32Array, context: SampleContext<Plan>): Int32Array;
  /** Numbers by name; `learningRateFactor` multiplies the learning rate, the rest reach the step's hooks. */
  scalars?(position: StepPosition, plan: Plan): Readonly<Record<string, number>>;
  batch?(batch: Batch, step: BatchStep<Plan, State>): Batch;
  /**
   * From all weights but the derived ones, which follow, those that this step computes with in place of trained ones.
   * Gradients are taken with respect to what came in. No other weight may change: a frozen one stays as it is, and a
   * statistic would be written back.
   */
  weights?(weights: Tensors, step: PassStep<Plan, State>): Tensors;
  /** The derived weights, all that `setup` declared; runs in training (after `weights`), evaluation and at the end. */
  derive?(weights: Tensors, plan: Plan): Tensors;
  activation?(value: tf.Tensor, site: SiteInfo, step: PassStep<Plan, State>): tf.Tensor;
  targets?(
    targets: Batch['targets'],
    outputs: readonly tf.Tensor[],
    step: Step<Plan, State>,
  ): Batch['targets'];
  penalty?(forward: Forward, step: Step<Plan, State>): tf.Scalar | AnalyticPenalty;
  gradients?(gradients: Tensors, step: GradientStep<Plan, State>): Tensors;
  project?(weights: Tensors, step: ProjectStep<Plan, State>): Tensors;
  track?(state: State, step: TrackStep<Plan, State>): State;
  /**
   * The next state, with what an epoch (from 1) adds to the weights to evaluate with; undefined where it adds nothing.
   * Of an owner of `evaluation` that has this hook, only the rows of epochs that added something are compared.
   */
  collect?(epoch: number, context: HostContext<Plan, State>): State | undefined;
  evaluated?(report: EpochReport, context: HostContext<Plan, State>): Decision<State>;
  epochEnd?(report: EpochReport, context: HostContext<Plan, State>): Decision<State>;
  /**
   * The weights to evaluate with (owner of `evaluation`). Several make an ensemble, combined by `combine`, and the
   * model itself is left with the last.
   */
  evaluation?(context: HostContext<Plan, State>): Tensors | readonly Tensors[];
  /**
   * One prediction from those of each member, set of weights and pass, `[batch, ...]` each; the mean where it is left
   * out. What comes out means
   * what went in: probabilities, logits or values, as the output's loss says.
   */
  combine?(members: readonly tf.Tensor[], loss: LossInfo): tf.Tensor;
  /** What `trainer.explain()` says of it beside its hooks and places: whole sentences. */
  explain?(context: PlanAndState<Plan, State>): readonly string[];
  /** One plain model that predicts as the ensemble does, from plain models of its members, given each output's loss. */
  assemble?(members: readonly LayersModel[], losses: readonly LossInfo[]): LayersModel;
  finish?(context: FinishContext<Plan, State>): FinishDecision;
}

/**
 * Gives a regularizer's object literal its types: the state and plan of all hooks follow from `setup`, and an
 * unknown hook, an asynchronous step hook or a state of another shape is a compile error.
 *
 * @example
 * ```ts
 * const shrink = (rate: number) =>
 *   defineRegularizer({
 *     name: 'shrink',
 *     project: (weights) => mapValues(weights, (w) => tf.mul(w, 1 - rate)),
 *   });
 * ```
 */
export function defineRegularizer<
  const Name extends string,
  Plan = undefined,
  State extends StateTree = null,
>(regularizer: Regularizer<Name, Plan, State>): Regularizer<Name, Plan, State> {
  return regularizer;
}
