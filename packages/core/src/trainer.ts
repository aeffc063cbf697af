import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {LayersAdapter} from './adapter/layers-adapter.ts';
import {PureAdapter, type PureModel} from './adapter/pure-adapter.ts';
import {cloneModel} from './clone-model.ts';
import {RegularizerError} from './errors.ts';
import {type Execution, executorFor} from './execution/registry.ts';
import {explainProgram} from './explain.ts';
import {
  type ArrayData,
  type Arrays,
  checkArrays,
  checkClasses,
  type DataShape,
  isStream,
  listInputs,
  type StreamData,
} from './fit/data.ts';
import {type Combine, type Ensemble, evaluateArrays, meanOf, predictArrays} from './fit/evaluate.ts';
import {finishMember, writeToModel} from './fit/finish.ts';
import {trainMember} from './fit/member-loop.ts';
import {type FitOptions, type FullFitOptions, fitOptions} from './fit/options.ts';
import {pace} from './fit/pace.ts';
import {arraySource, runInfoOf, type Source, streamSource} from './fit/source.ts';
import type {EpochReport, EvaluationReport, FinishReason, Regularizer} from './hooks.ts';
import {resolveLosses} from './losses.ts';
import {resolveMetrics} from './metrics.ts';
import {checkNumber} from './options.ts';
import {checkTogether, inOrder} from './order.ts';
import {type Built, build} from './program/build.ts';
import {withDerived} from './program/program.ts';
import {type Checkpoint, makeCheckpoint, readMember} from './state/checkpoint.ts';
import {MemberRun, type Stopped} from './state/member-run.ts';
import {checkTrainerOptions, type TrainerOptions, type UniqueNames} from './trainer-options.ts';

/** What `fit` comes to. */
export interface FitResult {
  /** A row per epoch, member after member. */
  readonly history: readonly EpochReport[];
  /** Where and why training ended before its last epoch: the first member's that did. */
  readonly stopped: Stopped | undefined;
  /** The trained model; of several members the model of their ensemble, where its plugin makes one. */
  readonly model: LayersModel | PureModel;
  readonly seconds: number;
}

/** Options of `evaluate` and `predict`. */
export interface BatchSizeOptions {
  /** @defaultValue 256 */
  readonly batchSize?: number;
}

/** Trains one model with a list of regularizers. Made by {@link createTrainer}. */
export interface Trainer {
  /**
   * Trains until the last epoch, a plugin's stop or the signal, and leaves the model plain.
   *
   * @throws RegularizerError before anything is trained for data or options that do not fit, and with code
   *   `not-finite` as soon as a loss is not finite; the model is left plain then too
   */
  fit(data: ArrayData | StreamData, options?: FitOptions): Promise<FitResult>;
  /** Loss and metrics with hard targets, no penalty, no noise. */
  evaluate(data: ArrayData, options?: BatchSizeOptions): Promise<EvaluationReport>;
  /** The model's output, `[examples, ...]`; a list where it has several. */
  predict(x: Arrays, options?: BatchSizeOptions): tf.Tensor | readonly tf.Tensor[];
  /** What runs where and in which order, as text. */
  explain(): string;
  /** The whole state of the run, to go on from it exactly. Also within `onStep` and `onEpoch`. */
  save(): Promise<Checkpoint>;
  /** Takes over a saved state; `fit` then goes on from it. */
  restore(checkpoint: Checkpoint): Promise<void>;
  /** Plain copies of the model, one for each set of weights that the prediction is made from. */
  members(): Promise<readonly LayersModel[]>;
  /** Releases the tensors that the trainer holds. The model stays as it is. */
  dispose(): void;
}

/**
 * Makes a trainer: checks the options, the plugins against each other and against the model.
 *
 * @throws RegularizerError for whatever cannot work, before anything is trained
 * @example
 * ```ts
 * const trainer = createTrainer({
 *   model,
 *   loss: 'categoricalCrossentropy',
 *   optimizer: adam({learningRate: 1e-3}),
 *   metrics: ['accuracy'],
 *   regularizers: [l2({strength: 1e-4}), dropout({rate: 0.5})],
 *   seed: 7,
 * });
 * const result = await trainer.fit({x, y}, {epochs: 50, batchSize: 128});
 * ```
 */
export function createTrainer<const Plugins extends readonly Regularizer[]>(
  options: TrainerOptions<Plugins> & UniqueNames<Plugins>,
): Trainer {
  checkTrainerOptions(options);
  const plugins = options.regularizers ?? [];
  checkTogether(plugins);
  return new ModelTrainer(options, inOrder(plugins));
}

class ModelTrainer implements Trainer {
  readonly #model: LayersModel | PureModel;
  readonly #plugins: readonly Regularizer[];
  readonly #seed: number;
  readonly #execution: Execution;
  readonly #memberCount: number;
  readonly #combine: Combine;
  readonly #shape: DataShape;
  readonly #build: (member: number) => Built;
  #runs: MemberRun[];
  #isFitting = false;

  constructor(options: TrainerOptions, plugins: readonly Regularizer[]) {
    const {model, optimizer, metrics = [], seed = 0, initialWeights = 'model'} = options;
    const adapter =
      'apply' in model && 'inputShapes' in model ? new PureAdapter(model) : new LayersAdapter(model);
    const losses = resolveLosses(options.loss, adapter.outputs);
    const names = adapter.outputs.map(({name}) => name);
    const bound = resolveMetrics(metrics, losses, names);
    const lossWeights = options.lossWeights ?? losses.map(() => 1);
    this.#model = model;
    this.#plugins = plugins;
    this.#seed = seed;
    this.#execution = options.execution ?? 'auto';
    this.#memberCount = Math.max(1, ...plugins.map((plugin) => plugin.members ?? 1));
    this.#combine = plugins.find((plugin) => plugin.combine)?.combine ?? meanOf;
    this.#shape = {inputs: adapter.inputs, outputs: adapter.outputs, losses};
    this.#build = (member) => {
      const initial =
        member === 0 && initialWeights === 'model' ? adapter.read() : adapter.fresh(seed, member);
      return build({adapter, optimizer, losses, lossWeights, metrics: bound, plugins, seed, member, initial});
    };
    this.#runs = [this.#begin(0)];
  }

  async fit(data: ArrayData | StreamData, given: FitOptions = {}): Promise<FitResult> {
    const options = fitOptions(given);
    const started = performance.now();
    this.#enter();
    try {
      const work = await this.#prepare(data, options);
      this.#goOn(options.epochs);
      for (let member = 0; member < this.#memberCount; member++) {
        const run = this.#runAt(member);
        if (run.ended) continue;
        await this.#trainOne(run, work, options);
        if (run.ended === 'aborted') break;
      }
      writeToModel(this.#runs[0]!);
      return {
        history: this.#runs.flatMap(({history}) => history),
        stopped: this.#runs.map(({stopped}) => stopped).find((stopped) => stopped !== undefined),
        model: await this.#assemble(),
        seconds: (performance.now() - started) / 1000,
      };
    } finally {
      this.#isFitting = false;
    }
  }

  async evaluate(data: ArrayData, {batchSize = 256}: BatchSizeOptions = {}): Promise<EvaluationReport> {
    checkNumber('evaluate', 'batchSize', batchSize, {min: 1, integer: true});
    const checked = checkArrays('evaluate', data, this.#shape);
    await checkClasses('evaluate', checked, this.#shape);
    return evaluateArrays(this.#ensemble(), checked, batchSize, this.#pace());
  }

  predict(x: Arrays, {batchSize = 256}: BatchSizeOptions = {}): tf.Tensor | readonly tf.Tensor[] {
    checkNumber('predict', 'batchSize', batchSize, {min: 1, integer: true});
    const inputs = listInputs('predict', x, this.#shape);
    const outputs = predictArrays(this.#ensemble(), inputs, batchSize);
    return outputs.length === 1 ? outputs[0]! : outputs;
  }

  explain(): string {
    const {program} = this.#runs[0]!;
    const active = new Set(program.plugins.map(({name}) => name));
    return explainProgram(
      program,
      this.#plugins.map(({name}) => name).filter((name) => !active.has(name)),
    );
  }

  save(): Promise<Checkpoint> {
    return makeCheckpoint(this.#runs, this.#seed, this.#pluginNames());
  }

  async restore(checkpoint: Checkpoint): Promise<void> {
    this.#enter();
    try {
      this.#checkSame(checkpoint);
      const runs = checkpoint.members.map((member, index) => {
        const {program, state} = this.#build(index);
        const restored = readMember(checkpoint, member, program.weights);
        const run = new MemberRun(program, state);
        run.commit(restored.state);
        for (const [plugin, mark] of Object.entries(restored.marks)) run.mark(plugin, mark);
        if (restored.final) run.setFinal(restored.final);
        run.position = member.position;
        run.history = member.history;
        run.stopped = member.stopped;
        run.ended = member.ended;
        return run;
      });
      for (const run of this.#runs) run.dispose();
      this.#runs = runs;
      writeToModel(runs[0]!);
    } finally {
      this.#isFitting = false;
    }
  }

  async members(): Promise<readonly LayersModel[]> {
    const model = this.#model;
    if ('inputShapes' in model) {
      throw new RegularizerError({
        where: 'trainer',
        code: 'not-a-layers-model',
        message: 'a pure model has no copies: use its apply with the weights of save()',
      });
    }
    const models: LayersModel[] = [];
    for (const {program, weights} of this.#ensemble().sets) {
      models.push(await cloneModel(model, () => withDerived(program, weights)));
    }
    return models;
  }

  dispose(): void {
    for (const run of this.#runs) run.dispose();
    this.#runs = [];
  }

  #begin(member: number): MemberRun {
    const {program, state} = this.#build(member);
    return new MemberRun(program, state);
  }

  #runAt(member: number): MemberRun {
    const known = this.#runs[member];
    if (known) return known;
    const run = this.#begin(member);
    this.#runs[member] = run;
    return run;
  }

  #enter(): void {
    if (this.#runs.length === 0) fail('disposed', 'the trainer is disposed');
    if (this.#isFitting) fail('busy', 'fit is still running');
    this.#isFitting = true;
  }

  /** Where every member has ended, a further `fit` goes on with all of them. */
  #goOn(epochs: number): void {
    const allEnded = this.#runs.length === this.#memberCount && this.#runs.every(({ended}) => ended);
    if (!allEnded) return;
    const done = Math.min(...this.#runs.map(({position}) => position.epoch));
    if (done >= epochs) {
      fail(
        'already-trained',
        `the model is trained for ${done} epochs already`,
        `epochs counts all of them: pass more than ${done} to go on.`,
      );
    }
    for (const run of this.#runs) {
      run.ended = undefined;
      run.stopped = undefined;
    }
  }

  async #prepare(data: ArrayData | StreamData, options: FullFitOptions): Promise<Work> {
    const {batchSize, shuffle, dropLast, classWeight, validation, stepsPerEpoch, accumulate} = options;
    const cut = {...this.#shape, batchSize, shuffle, dropLast, classWeight};
    const checkedValidation = validation && checkArrays('validation', validation, this.#shape);
    if (checkedValidation) await checkClasses('validation', checkedValidation, this.#shape);
    if (isStream(data)) {
      const batches = stepsPerEpoch === undefined ? undefined : stepsPerEpoch * accumulate;
      const source = streamSource(data, cut, batches);
      return {
        source,
        run: runInfoOf(source, options),
        validation: checkedValidation,
        recalibration: undefined,
      };
    }
    const arrays = checkArrays('fit', data, this.#shape);
    await checkClasses('fit', arrays, this.#shape);
    const source = arraySource(arrays, cut);
    const recalibration = {data: arrays, batchSize};
    return {source, run: runInfoOf(source, options), validation: checkedValidation, recalibration};
  }

  async #trainOne(member: MemberRun, work: Work, options: FullFitOptions): Promise<void> {
    const executor = executorFor(this.#execution);
    const loop = {
      ...work,
      executor,
      member,
      members: this.#memberCount,
      options,
      combine: this.#combine,
      pace: this.#pace(),
    };
    let reason: FinishReason = 'failed';
    try {
      await trainMember(loop);
      reason = member.stopped ? (member.stopped.by === 'signal' ? 'aborted' : 'stopped') : 'completed';
    } finally {
      executor.release(member);
      await finishMember(member, reason, work.run, work.recalibration, loop.pace);
      if (reason === 'failed') writeToModel(member);
    }
  }

  #ensemble(): Ensemble {
    if (this.#runs.length === 0) fail('disposed', 'the trainer is disposed');
    const ended = this.#runs.filter(({final}) => final);
    const runs = ended.length > 0 ? ended : this.#runs.slice(0, 1);
    const sets = runs.flatMap(({program, final, state}) =>
      (final ?? [state.weights]).map((weights) => ({program, weights})),
    );
    return {sets, combine: this.#combine};
  }

  async #assemble(): Promise<LayersModel | PureModel> {
    const assemble = this.#plugins.find((plugin) => plugin.assemble)?.assemble;
    const model = this.#model;
    if (!assemble || 'inputShapes' in model || this.#ensemble().sets.length < 2) return model;
    return assemble(await this.members());
  }

  #pace(): ReturnType<typeof pace> {
    return pace(tf.getBackend() === 'tensorflow' ? 50 : 16);
  }

  #pluginNames(): readonly string[] {
    return this.#plugins.map(({name}) => name);
  }

  #checkSame({plugins, seed}: Checkpoint): void {
    const names = this.#pluginNames();
    if (plugins.join('\n') !== names.join('\n')) {
      fail(
        'checkpoint-mismatch',
        `the checkpoint was saved with the plugins ${plugins.join(', ') || 'none'}, but this trainer has ${names.join(', ') || 'none'}`,
      );
    }
    if (seed !== this.#seed)
      fail('checkpoint-mismatch', `the checkpoint's seed is ${seed}, but this trainer's is ${this.#seed}`);
  }
}

/** What `fit` prepares for every member. */
interface Work {
  readonly source: Source;
  readonly run: ReturnType<typeof runInfoOf>;
  readonly validation: ReturnType<typeof checkArrays> | undefined;
  readonly recalibration:
    | {readonly data: ReturnType<typeof checkArrays>; readonly batchSize: number}
    | undefined;
}

function fail(code: string, message: string, hint?: string): never {
  throw new RegularizerError({where: 'trainer', code, message, ...(hint ? {hint} : {})});
}
