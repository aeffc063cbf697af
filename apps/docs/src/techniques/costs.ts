// What a step of a technique takes, counted: on the model and the data of its example, op by op on the cpu backend, where the
// same is counted every time. How long that takes on a device, `npm run bench` measures.
import '@tensorflow/tfjs-backend-cpu';
import {
  adam,
  type Checkpoint,
  createTrainer,
  type LossName,
  type Optimizer,
  type Regularizer,
} from '@regularizers/core';
// biome-ignore lint/style/noRestrictedImports: examples are code that has it under one name, as people do.
import * as tf from '@tensorflow/tfjs';
import ts from 'typescript';
import {readText} from '../places.ts';
import type {SiteTechnique} from './all.ts';
import {exampleModels} from './models.ts';
import type {ExampleName} from './pages.ts';

/** What one step took, and what is kept from step to step. */
export interface StepCost {
  /** Operations that the backend was asked for. */
  readonly operations: number;
  /** Bytes of the state: weights, optimizer, plugins, and the weights that plugins have marked. */
  readonly state: number;
  /** Bytes that there are after a step, beside those before the trainer was made. */
  readonly held: number;
  /** Bytes of the trained weights. */
  readonly weights: number;
}

/** What a technique adds to a step. */
export interface TechniqueCost {
  readonly without: StepCost;
  readonly with: StepCost;
}

/** The model of an example, made by its code, and so many of its examples: what is counted is the same of few. */
function make(
  on: ExampleName,
  examples: number,
): {readonly model: tf.LayersModel; readonly x: tf.Tensor; readonly y: tf.Tensor} {
  const {code} = exampleModels[on];
  const plain = ts.transpileModule(code, {compilerOptions: {target: ts.ScriptTarget.ES2022}}).outputText;
  return tf.tidy(() => {
    const {model, x, y} = new Function('tf', `${plain}\nreturn {model, x, y};`)(tf);
    const few = (all: tf.Tensor): tf.Tensor => tf.keep(tf.slice(all, 0, examples));
    return {model, x: few(x), y: few(y)};
  });
}

/** Counts a step in the second epoch: what is kept at the end of the first is kept by then. */
export async function costOfStep(
  on: ExampleName,
  regularizers: readonly Regularizer[],
  optimizer: Optimizer = adam(),
): Promise<StepCost> {
  const {model, x, y} = make(on, 20);
  const before = tf.memory().numBytes;
  const loss = exampleModels[on].loss as LossName;
  const trainer = createTrainer({model, loss, optimizer, regularizers, seed: 7});
  const stepsPerEpoch = 2;
  let step = 0;
  let asked = 0;
  let cost: Omit<StepCost, 'weights'> = {operations: 0, state: 0, held: 0};
  const onStep = async (): Promise<void> => {
    step += 1;
    const {length} = tf.engine().state.activeProfile.kernels;
    const held = tf.memory().numBytes - before;
    // Of several members, the first one's step, and the state of all of them.
    const operations = step === stepsPerEpoch + 2 ? length - asked : cost.operations;
    asked = length;
    cost = {operations, held, state: bytesOf(await trainer.save())};
  };
  try {
    await tf.profile(async () => {
      await trainer.fit({x, y}, {epochs: 3, batchSize: 16 / stepsPerEpoch, validation: {split: 0.2}, onStep});
      return [];
    });
    return {
      ...cost,
      weights: sum(model.trainableWeights.map(({shape}) => 4 * tf.util.sizeFromShape(shape as number[]))),
    };
  } finally {
    trainer.dispose();
    model.dispose();
    tf.dispose([x, y]);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const bytesOf = ({tensors}: Checkpoint): number =>
  sum(Object.values(tensors).map(({values}) => values.byteLength));

/** Of techniques, beside what their examples have without them. */
export async function techniqueCosts(
  techniques: readonly SiteTechnique[],
): Promise<ReadonlyMap<SiteTechnique, TechniqueCost>> {
  await tf.setBackend('cpu');
  const costs = new Map<SiteTechnique, TechniqueCost>();
  const bare = new Map<string, StepCost>();
  for (const one of techniques) {
    const {
      page: {on},
      beside,
      plugin,
    } = one;
    const key = `${on} ${beside.map(({name}) => name).join(' ')}`;
    const without = bare.get(key) ?? (await costOfStep(on, beside));
    bare.set(key, without);
    costs.set(one, {without, with: await costOfStep(on, [...beside, plugin])});
  }
  return costs;
}

/** What `npm run bench` has written of a technique: a model, and how many times as long a captured step takes. */
export function measuredTimes(name: string): readonly {readonly model: string; readonly times: string}[] {
  const [, section = ''] = readText('docs', 'guides', 'benchmarks.md').split('\n## What regularizers cost\n');
  return section
    .split('\n## ')[0]!
    .split('\n### ')
    .slice(1)
    .flatMap((part) => {
      const [, times] = new RegExp(`^\\| ${name} +\\| (.*?) +\\|$`, 'm').exec(part) ?? [];
      return times === undefined ? [] : [{model: part.slice(0, part.indexOf('\n')), times}];
    });
}
