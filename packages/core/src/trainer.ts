import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {onBackend} from './backend/loss.ts';
import {pace} from './backend/pace.ts';
import {type ArrayData, type Arrays, type DataShape, listInputs, refuseBare} from './data/data.ts';
import {examplesIn, type Rows} from './data/rows.ts';
import {examplesFor} from './data/sample.ts';
import {runInfoOf} from './data/source.ts';
import {isStream, type StreamData} from './data/stream.ts';
import {checkPredictionSize, checkTextureSize} from './data/texture-size.ts';
import {type Combiner, combinerOf} from './evaluate/combiner.ts';
import {evaluateBatches, passesOf, predictArrays, predictEach} from './evaluate/evaluate.ts';
import type {OutOfBag} from './evaluate/out-of-bag.ts';
import {type Execution, executorFor, whyEager} from './execution/registry.ts';
import {mendKernels} from './kernels/mend.ts';
import {explainMissingKernel, readyBackend} from './kernels/ready-backend.ts';
import {Aborted} from './lib/aborted.ts';
import {fail} from './lib/errors.ts';
import {looking} from './lib/given.ts';
import {alone, itemAt} from './lib/item.ts';
import {adapt, summaryFor} from './loop/adapt.ts';
import {checkCut, cutOf} from './loop/epoch-cut.ts';
import {writeToModel} from './loop/finish.ts';
import {checkRun} from './loop/host-hooks.ts';
import {trainMembers} from './loop/loop.ts';
import {
  type BatchSizeOptions,
  batchSizeOf,
  checkPasses,
  type FitOptions,
  fitOptions,
} from './loop/options.ts';
import {copiesOf, ensembleOf, resultModel, stoppedOf, withEnsemble} from './loop/outcome.ts';
import {checked, closeData, type Fit, prepare, toEvaluate} from './loop/prepare.ts';
import {reportedNames} from './loop/report.ts';
import {type Standards, standardize} from './loop/standardize.ts';
import {resolveLossWeights} from './losses/losses.ts';
import {resolveMetrics} from './losses/metrics.ts';
import {ownLossNames} from './losses/reported.ts';
import {type Built, build} from './member/build.ts';
import type {Checkpoint} from './member/checkpoint.ts';
import {withKept} from './member/kept.ts';
import {MemberRun} from './member/member-run.ts';
import {reopenRuns} from './member/reopen.ts';
import {initialWeightsOf, refusePretrained, startsFromModel} from './model/initial-weights.ts';
import type {PureModel} from './model/pure-adapter.ts';
import {adapterOf, dataShapeOf} from './model-shape.ts';
import {type Explanation, explanationOf, explanationText} from './plugins/explain.ts';
import {checkTogether, inOrder} from './plugins/order.ts';
import {ownPenaltyName} from './plugins/penalties.ts';
import type {EvaluationReport, Regularizer} from './regularizer.ts';
import type {Change} from './step/pass-hooks.ts';
import type {FitResult, Trainer} from './trainer-api.ts';
import {trainerOnBackend} from './trainer-on-backend.ts';
import {
  type FullTrainerOptions,
  readTrainerOptions,
  type TrainerOptions,
  type UniqueNames,
} from './trainer-options.ts';

/**
 * Makes a trainer: checks the options, the plugins against each other and against the model.
 *
 * @throws RegularizerError for whatever cannot work, before anything is trained
 * @example
 * ```ts
 * import {dropout} from '@regularizers/dropout';
 * import {l2} from '@regularizers/l2';
 *
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
export function createTrainer<
  const Plugins extends readonly Regularizer[],
  Model extends LayersModel | PureModel = LayersModel | PureModel,
>(options: TrainerOptions<Plugins, Model> & UniqueNames<Plugins>): Trainer<Model> {
  const read = readTrainerOptions(options);
  checkTogether(read.regularizers);
  const trainer = trainerOnBackend(onBackend(() => new ModelTrainer(read, inOrder(read.regularizers))));
  // What it trains is what it was given.
  return trainer as Trainer<Model>;
}

class ModelTrainer implements Trainer {
  readonly #model: LayersModel | PureModel;
  readonly #plugins: readonly Regularizer[];
  readonly #seed: number;
  readonly #execution: Execution;
  readonly #memberCount: number;
  readonly #combiner: Combiner;
  readonly #shape: DataShape;
  readonly #build: (member: number) => Built;
  /** Sees to it that all members start where they are to. */
  readonly #beginMembers: () => Promise<void>;
  /** What could not be captured in the last `fit`, and why. */
  readonly #fellBack = new Map<string, string>();
  #runs: MemberRun[];
  #isFitting = false;

  constructor(options: FullTrainerOptions, plugins: readonly Regularizer[]) {
    const {model, optimizer, seed, initialWeights} = options;
    const adapter = adapterOf(model);
    const shape = dataShapeOf(model, options.loss, adapter);
    const {losses} = shape;
    const ownLosses = ownLossNames(adapter.outputs);
    const penalties = plugins.filter(({penalty}) => penalty).map(({name}) => ownPenaltyName(name));
    const metrics = resolveMetrics(options, losses, adapter.outputs, [...ownLosses, ...penalties]);
    const reported = {ownLosses, metrics};
    const lossWeights = resolveLossWeights(options.lossWeights, adapter.outputs);
    this.#model = model;
    this.#plugins = plugins;
    this.#seed = seed;
    this.#execution = options.execution;
    this.#memberCount = Math.max(1, ...plugins.map((plugin) => plugin.members ?? 1));
    this.#shape = shape;
    this.#combiner = combinerOf(plugins, shape);
    this.#beginMembers = async () => {
      if (this.#memberCount === 1 || this.#runs.length > 1) return;
      // Before the model is left with what the first member has come to.
      if (initialWeights && startsFromModel(initialWeights)) this.#runAll();
      else if (!initialWeights && this.#runs[0]?.position.step === 0) await refusePretrained(adapter);
    };
    this.#build = (member) => {
      const initial = initialWeightsOf(adapter, initialWeights ?? 'first', seed, member);
      return build({adapter, optimizer, losses, lossWeights, reported, plugins, seed, member, initial});
    };
    this.#runs = [this.#begin(0)];
  }

  async fit(data: ArrayData | StreamData, given: FitOptions = {}): Promise<FitResult> {
    // In fit(x, y) it is not the options that are wrong.
    refuseBare('fit', data);
    const options = fitOptions(given, data);
    const started = performance.now();
    this.#enter();
    try {
      this.checkBackend();
      if (isStream(data)) this.#checkPasses(data);
      const {program} = this.#begun()[0];
      const prepared = await prepare(data, options, this.#shape, program);
      try {
        checkRun(program, {
          run: runInfoOf(program, prepared.source, options),
          classWeight: options.classWeight,
          reported: reportedNames(program, prepared.validation !== undefined),
        });
        checkCut(this.#runs, cutOf(options, prepared.source, prepared.held?.record));
        await this.#beginMembers();
        reopenRuns(this.#runs, this.#memberCount, options.epochs);
        await this.#train({
          ...prepared,
          options,
          members: this.#memberCount,
          combiner: this.#combiner,
          pace: pace(),
        });
      } finally {
        await closeData(prepared);
      }
      const runs = this.#begun();
      return {
        history: runs.flatMap(({history}) => history),
        ...(prepared.held ? {split: prepared.held.split} : {}),
        stopped: stoppedOf(runs),
        model: await resultModel(this.#model, this.#plugins, runs[0], ensembleOf(runs, this.#combiner)),
        seconds: (performance.now() - started) / 1000,
      };
    } catch (error) {
      if (error instanceof Aborted) return await this.#notBegun(started);
      throw explainMissingKernel(error);
    } finally {
      this.#isFitting = false;
    }
  }

  /** What a run has come to that was aborted before a stream had given anything: all is as it was. */
  async #notBegun(started: number): Promise<FitResult> {
    const runs = this.#begun();
    const [{position, program}] = runs;
    const {epoch, step} = position;
    return {
      history: runs.flatMap(({history}) => history),
      stopped: {by: 'signal', why: 'aborted', member: program.member, epoch, step},
      model: await resultModel(this.#model, this.#plugins, runs[0], ensembleOf(runs, this.#combiner)),
      seconds: (performance.now() - started) / 1000,
    };
  }

  async evaluate(data: ArrayData | StreamData, options: BatchSizeOptions = {}): Promise<EvaluationReport> {
    mendKernels();
    refuseBare('evaluate', data);
    const batchSize = batchSizeOf('evaluate', options, data);
    const given = await toEvaluate('evaluate', data, batchSize, this.#shape);
    try {
      return await withEnsemble(this.#begun(), this.#combiner, (ensemble) =>
        evaluateBatches(ensemble, given.batches(), pace()),
      );
    } finally {
      await given.close();
    }
  }

  async outOfBag(data: ArrayData, options: BatchSizeOptions = {}): Promise<OutOfBag> {
    mendKernels();
    const batchSize = batchSizeOf('outOfBag', options, data);
    const {outOfBag, trainedPart} = await import('./evaluate/out-of-bag.ts');
    const arrays = await checked('outOfBag', data, this.#shape, [{batchSize, option: 'batchSize'}]);
    const [first] = this.#begun();
    const trained = await trainedPart(arrays, first, this.#shape, this.#seed);
    const examples = await examplesFor(first.program, arrays, this.#shape, trained);
    return outOfBag(this.#begun(), this.#combiner, {arrays, trained, examples, batchSize, pace: pace()});
  }

  predict(x: Arrays, options: BatchSizeOptions = {}): tf.Tensor | readonly tf.Tensor[] {
    mendKernels();
    const batchSize = batchSizeOf('predict', options, x);
    const inputs = this.#inputs('predict', x, batchSize);
    checkPredictionSize('predict', examplesIn(inputs), this.#shape);
    const outputs = predictArrays(ensembleOf(this.#begun(), this.#combiner), inputs, batchSize);
    return alone(outputs);
  }

  predictions(x: Arrays, options: BatchSizeOptions = {}): tf.Tensor | readonly tf.Tensor[] {
    mendKernels();
    const batchSize = batchSizeOf('predictions', options, x);
    const inputs = this.#inputs('predictions', x, batchSize);
    const ensemble = ensembleOf(this.#begun(), this.#combiner);
    const sets = ensemble.sets.length * passesOf(ensemble);
    checkPredictionSize('predictions', examplesIn(inputs), this.#shape, sets);
    const outputs = predictEach(ensemble, inputs, batchSize);
    return alone(outputs);
  }

  async changes(x: Arrays): Promise<readonly Change[]> {
    mendKernels();
    const {changesIn} = await import('./evaluate/changes.ts');
    const inputs = this.#inputs('changes', x);
    const runs = this.#begun();
    const {program, state, position} = itemAt(runs, runs.length - 1);
    const set = {program, weights: state.weights, states: state.plugins};
    return changesIn(set, inputs, position.step);
  }

  checkBackend(): void {
    readyBackend(this.#begun()[0].program.weights);
  }

  explain(): string {
    return explanationText(this.explanation());
  }

  explanation(): Explanation {
    const [{program, state, cut}] = this.#begun();
    const active = new Set(program.plugins.map(({name}) => name));
    const always = whyEager(this.#execution);
    return explanationOf(program, state.plugins, {
      idle: this.#pluginNames().filter((name) => !active.has(name)),
      members: this.#memberCount,
      execution: {
        backend: tf.getBackend(),
        stepsEager: always ?? this.#fellBack.get('steps') ?? null,
        evaluationEager: always ?? this.#fellBack.get('evaluation') ?? null,
      },
      passes: passesOf(ensembleOf(this.#begun(), this.#combiner)),
      split: cut?.split,
    });
  }

  async save(): Promise<Checkpoint> {
    // What is saved is what there is when it is called.
    return withKept(this.#begun(), async (kept) => {
      const {makeCheckpoint} = await import('./member/member-checkpoint.ts');
      return makeCheckpoint(kept, this.#seed, this.#pluginNames());
    });
  }

  async restore(checkpoint: Checkpoint): Promise<void> {
    this.#enter();
    try {
      const {restoreRuns} = await import('./member/resume.ts');
      const expected = {seed: this.#seed, plugins: this.#pluginNames(), members: this.#memberCount};
      const runs = looking('checkpoint', 'the checkpoint', () =>
        restoreRuns(checkpoint, expected, this.#build),
      );
      for (const run of this.#runs) run.dispose();
      this.#runs = runs;
      writeToModel(this.#begun()[0]);
    } finally {
      this.#isFitting = false;
    }
  }

  async members(): Promise<readonly LayersModel[]> {
    return withEnsemble(this.#begun(), this.#combiner, (ensemble) => copiesOf(this.#model, ensemble));
  }

  dispose(): void {
    if (this.#isFitting) fail('busy', 'fit is still running', 'Abort its signal and wait for it first.');
    for (const run of this.#runs) run.dispose();
    this.#runs = [];
  }

  /** @param size of a batch; left out, they are all in one */
  #inputs(where: string, x: Arrays, size?: number): readonly Rows[] {
    const inputs = listInputs(where, x, this.#shape);
    const batchSize = size ?? examplesIn(inputs);
    const data = {inputs, targets: [], sampleWeight: undefined, examples: examplesIn(inputs)};
    checkTextureSize(where, data, this.#shape, {batchSize, option: 'batchSize'});
    return inputs;
  }

  #checkPasses(stream: StreamData): void {
    if (this.#memberCount > 1) checkPasses('fit', stream, `${this.#memberCount} members`);
    const {plugins} = this.#begun()[0].program;
    const owner = plugins.find(({recalibrate}) => recalibrate);
    if (owner) checkPasses('fit', stream, `the batch statistics of ${owner.name}`);
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

  #runAll(): void {
    for (let member = 0; member < this.#memberCount; member++) this.#runAt(member);
  }

  /** The members that there are so far. */
  #begun(): readonly [MemberRun, ...MemberRun[]] {
    const [first, ...others] = this.#runs;
    return first ? [first, ...others] : fail('disposed', 'the trainer is disposed');
  }

  #enter(): void {
    this.#begun();
    if (this.#isFitting) fail('busy', 'fit is still running');
    this.#isFitting = true;
  }

  /** Trains those that have not ended; whatever happens then, the model gets the first one's weights. */
  async #train(fit: Fit): Promise<void> {
    const summary = await summaryFor(this.#begun()[0].program, fit.source);
    const standards = fit.options.standardize ? await this.#standardsFor(fit) : undefined;
    const prepareMember = (run: MemberRun): void => {
      standardize(run, standards);
      adapt(run, summary);
    };
    // What does not suit is refused before anything is written.
    for (const run of this.#runs) if (!run.ended) prepareMember(run);
    try {
      this.#fellBack.clear();
      const executor = executorFor(this.#execution, (what, {problem}) => this.#fellBack.set(what, problem));
      await trainMembers(fit, this.#unended(prepareMember), executor);
    } finally {
      writeToModel(this.#begun()[0]);
    }
  }

  async #standardsFor(fit: Fit): Promise<Standards | undefined> {
    const {standardsFor} = await import('./loop/standards.ts');
    return standardsFor(this.#begun(), this.#memberCount, fit);
  }

  *#unended(prepareMember: (run: MemberRun) => void): Generator<MemberRun> {
    for (let index = 0; index < this.#memberCount; index++) {
      const isNew = this.#runs[index] === undefined;
      const member = this.#runAt(index);
      if (isNew) prepareMember(member);
      if (!member.ended) yield member;
    }
  }

  #pluginNames(): readonly string[] {
    return this.#plugins.map(({name}) => name);
  }
}
