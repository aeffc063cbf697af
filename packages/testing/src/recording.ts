import type {Checkpoint, EvaluationReport, Regularizer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Fixture} from './fixtures.ts';
import {type Observer, observed} from './observed.ts';
import {type Run, usualSeed, withRun} from './run.ts';
import type {RegularizerSpec} from './spec.ts';

/** A checkpoint, and where in the run it was taken. */
export interface Saved {
  readonly where: string;
  readonly checkpoint: Checkpoint;
}

/** How many tensors there were after a step. */
export interface TensorCount {
  readonly member: number;
  readonly epoch: number;
  readonly stepInEpoch: number;
  readonly tensors: number;
}

/** One of the fixture's tensors before and after a run. */
interface Exposed {
  readonly name: string;
  readonly before: ArrayLike<number>;
  readonly after: ArrayLike<number>;
}

/** What the checks want to know of one whole run. */
export interface Recording {
  readonly saved: readonly Saved[];
  readonly final: Checkpoint;
  /** The trained model evaluated twice. */
  readonly evaluations: readonly [EvaluationReport, EvaluationReport];
  readonly counts: readonly TensorCount[];
  /** Evaluations within epochs, which may mark states, happen. */
  readonly evaluatesWithin: boolean;
  /** Tensors at the end, with everything disposed of, less those at the start. */
  readonly leftover: number;
  readonly exposed: readonly Exposed[];
}

/** Which of several runs of one spec. */
export type Take = 'first' | 'second' | 'other-seed';

const recordings = new WeakMap<RegularizerSpec, Map<Take, Promise<Recording>>>();

/** The recording of a run, made when it is first asked for. */
export function recordingOf(spec: RegularizerSpec, take: Take): Promise<Recording> {
  const known = recordings.get(spec) ?? new Map<Take, Promise<Recording>>();
  recordings.set(spec, known);
  const recording = known.get(take) ?? record(spec, take === 'other-seed' ? usualSeed + 1 : usualSeed);
  known.set(take, recording);
  return recording;
}

async function record(spec: RegularizerSpec, seed: number): Promise<Recording> {
  const start = tf.memory().numTensors;
  let evaluatesWithin = false;
  let before: Data = {};
  const observer: Observer = {
    onSetup: ({evaluateEvery}) => {
      evaluatesWithin ||= evaluateEvery !== undefined;
    },
  };
  const plugins = (fixture: Fixture): Regularizer[] => {
    before = readData(fixture);
    return [observed(spec.create(fixture), observer)];
  };
  const {after, ...recorded} = await withRun(spec, {plugins, seed}, recordRun);
  const exposed = Object.entries(before).map(([name, values]) => ({
    name,
    before: values,
    after: after[name]!,
  }));
  return {...recorded, exposed, evaluatesWithin, leftover: tf.memory().numTensors - start};
}

type Recorded = Pick<Recording, 'saved' | 'final' | 'evaluations' | 'counts'> & {readonly after: Data};

async function recordRun({trainer, fixture, train}: Run): Promise<Recorded> {
  const saved: Saved[] = [];
  const counts: TensorCount[] = [];
  await train({
    async onStep({member, epoch, stepInEpoch}) {
      counts.push({member, epoch, stepInEpoch, tensors: tf.memory().numTensors});
      if (stepInEpoch !== 2) return;
      saved.push({where: describePlace(member, epoch, stepInEpoch), checkpoint: await trainer.save()});
    },
    async onEpoch({member, epoch}) {
      saved.push({where: describePlace(member, epoch), checkpoint: await trainer.save()});
    },
  });
  const evaluations = [
    await trainer.evaluate(fixture.validation),
    await trainer.evaluate(fixture.validation),
  ] as const;
  return {saved, final: await trainer.save(), evaluations, counts, after: readData(fixture)};
}

function describePlace(member: number, epoch: number, stepInEpoch?: number): string {
  const step = stepInEpoch === undefined ? 'its end' : `step ${stepInEpoch}`;
  return `member ${member}, epoch ${epoch}, ${step}`;
}

type Data = Readonly<Record<string, ArrayLike<number>>>;

/** Copies of the data: on some backends what is read is the tensor's own memory. */
function readData({x, y, validation}: Fixture): Data {
  const tensors = {x, y, 'validation.x': validation.x, 'validation.y': validation.y};
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, tensor.dataSync().slice()]),
  );
}
