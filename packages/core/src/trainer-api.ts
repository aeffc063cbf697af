import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {ArrayData, Arrays} from './data/data.ts';
import type {StreamData} from './data/stream.ts';
import type {Split} from './data/validation-split.ts';
import type {OutOfBag} from './evaluate/out-of-bag.ts';
import type {BatchSizeOptions, FitOptions} from './loop/options.ts';
import type {Checkpoint} from './member/checkpoint.ts';
import type {Stopped} from './member/member-run.ts';
import type {PureModel} from './model/pure-adapter.ts';
import type {Explanation} from './plugins/explain.ts';
import type {EpochReport, EvaluationReport} from './regularizer.ts';
import type {Change} from './step/pass-hooks.ts';

/**
 * What a model of some type is once it is trained: of a subclass such as `tf.Sequential` it may be the model of an
 * ensemble, which is a `tf.LayersModel`.
 */
export type Trained<Model> = Model extends PureModel ? PureModel : LayersModel;

/** What `fit` comes to. */
export interface FitResult<Model extends LayersModel | PureModel = LayersModel | PureModel> {
  /** A row per epoch, member after member. */
  readonly history: readonly EpochReport[];
  /** Of `validation: {split}`, which examples were trained on and which were held out. */
  readonly split?: Split;
  /** Where and why training ended before its last epoch: at the signal, or else where the first member did. */
  readonly stopped: Stopped | undefined;
  /**
   * The trained model: the one that was given, or of several members the model of their ensemble, where its plugin
   * makes one; it predicts without noise, whatever passes the trainer's `predict` makes. Of a pure model a new one, with the trained weights, which are the caller's to dispose of.
   */
  readonly model: Trained<Model>;
  /** Wall time of this `fit`. */
  readonly seconds: number;
}

/**
 * Trains one model with a list of regularizers. Made by {@link createTrainer}.
 *
 * Where the browser takes the backend away (WebGL, WebGPU), every call fails with a RegularizerError of code
 * `backend-lost`, those that are under way within moments, and so does reading any tensor of that backend: the
 * trainer, its model and its data are gone. What was saved before can be gone on from: see {@link renewBackend}.
 */
export interface Trainer<Model extends LayersModel | PureModel = LayersModel | PureModel> {
  /**
   * Trains until the last epoch, a plugin's stop or the signal, and leaves the model plain.
   *
   * @throws RegularizerError before anything is trained for data or options that do not fit, and with code
   *   `not-finite` as soon as a loss, a penalty or a weight is not finite: after each step where the backend's
   *   tensors are in the host's memory, else at the end of the epoch; and with each evaluation of `validation` whose
   *   loss is not. The model is left plain then too, with the last weights that were finite: those before the step, or
   *   at the start of the epoch, unless a plugin has marked others
   */
  fit(data: ArrayData | StreamData, options?: FitOptions): Promise<FitResult<Model>>;
  /**
   * Loss and metrics with hard targets, no penalty, and no noise but that of passes that a plugin asks for, as
   * `monteCarlo` does. Of a stream one pass is read.
   *
   * @throws RegularizerError for data that does not fit the model
   */
  evaluate(data: ArrayData | StreamData, options?: BatchSizeOptions): Promise<EvaluationReport>;
  /**
   * Loss and metrics on the training data, each example predicted by the members that have not been trained on it:
   * what {@link evaluate} would give on new data, without any set aside (Breiman 1996, Out-of-bag estimation). Of
   * `validation: {split}`, the examples that are held out do not count.
   *
   * @param data what `fit` was given, in the same order
   * @throws RegularizerError with code `not-trained`, `data-otherwise`, or `nothing-out-of-bag` where every member has
   *   seen every example, as without a plugin such as `bagging`
   */
  outOfBag(data: ArrayData, options?: BatchSizeOptions): Promise<OutOfBag>;
  /**
   * The model's output, `[examples, ...]`; a list where it has several.
   *
   * @throws RegularizerError for inputs that do not fit the model
   */
  predict(x: Arrays, options?: BatchSizeOptions): tf.Tensor | readonly tf.Tensor[];
  /**
   * Each of the predictions that `predict` makes one of, `[predictions, examples, ...]`; a list where the model has several
   * outputs. There is one for each member, set of weights and pass: by how much they differ is how uncertain the model is.
   *
   * @throws RegularizerError for inputs that do not fit the model
   */
  predictions(x: Arrays, options?: BatchSizeOptions): tf.Tensor | readonly tf.Tensor[];
  /**
   * What plugins change on the way through the model, before and after, as they do it in training: the masks of a
   * dropout, noise on weights. In one pass of all examples, with the weights, states and draws that the member which
   * trains has come to; batch statistics are those of evaluations. The tensors are the caller's to dispose of.
   *
   * @returns in the order of the pass, one entry for each plugin and site or weight, or several where the model comes by
   *   there several times; none where no plugin has such a hook
   * @throws RegularizerError for inputs that do not fit the model
   */
  changes(x: Arrays): Promise<readonly Change[]>;
  /**
   * Checks that the current backend has the gradients that the model's layers need, as `fit` does first of all.
   *
   * @throws RegularizerError with code `no-gradient`
   */
  checkBackend(): void;
  /** What runs where and in which order, as text: that of {@link explanation}. */
  explain(): string;
  /** What runs where and in which order, as plain JSON. */
  explanation(): Explanation;
  /** The whole state of the run, to go on from it exactly. Also within `onStep` and `onEpoch`. */
  save(): Promise<Checkpoint>;
  /**
   * Takes over a saved state; `fit` then goes on from it.
   *
   * @throws RegularizerError with code `not-a-checkpoint`, `bad-checkpoint` or `checkpoint-mismatch`; the trainer is as it
   *   was then
   */
  restore(checkpoint: Checkpoint): Promise<void>;
  /**
   * Plain copies of the model, one for each set of weights that the prediction is made from.
   *
   * @throws RegularizerError with code `not-a-layers-model` for a pure model
   */
  members(): Promise<readonly LayersModel[]>;
  /**
   * Releases the tensors that the trainer holds. The model stays as it is.
   *
   * @throws RegularizerError with code `busy` while `fit` is running
   */
  dispose(): void;
}
