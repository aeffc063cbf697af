// A line of the guide about data: a kind of data or of models, and what happens to it.
import {createTrainer, type FitOptions, sgd, type Trainer, type TrainerOptions} from '@regularizers/core';

/** What a run left: rows, weights, an evaluation; and what `explain()` said after it. */
export interface Outcome {
  readonly numbers: readonly number[];
  readonly explained: string;
}

interface Kind {
  /** What it is, in Markdown. */
  readonly what: string;
  /** Kernels that its gradient needs and that not every backend has. */
  readonly kernels?: readonly string[];
}

/** What trains. */
export interface Works extends Kind {
  readonly run: () => Promise<Outcome>;
  /** Another form of the same, which trains the same to the bit. */
  readonly sameAs?: {readonly form: string; readonly run: () => Promise<Outcome>};
  /** A part of what `explain()` says after the run. */
  readonly explained?: string;
}

/** What a `RegularizerError` refuses. */
export interface Refused extends Kind {
  readonly run: () => unknown;
  readonly code: string;
  /** A part of the message: what to do instead, or where the fault is. */
  readonly advice: string;
}

export type Row = Works | Refused;

export const isRefused = (row: Row): row is Refused => 'code' in row;

/** Every epoch's numbers, those of an evaluation, and the weights. */
async function numbersOf(
  trainer: Trainer,
  history: Awaited<ReturnType<Trainer['fit']>>['history'],
  evaluated: object,
): Promise<readonly number[]> {
  const {tensors} = await trainer.save();
  const weights = Object.entries(tensors).filter(([name]) => name.includes('/weights/'));
  return [
    ...history.flatMap(({train, validation = {}}) => [...Object.values(train), ...Object.values(validation)]),
    ...Object.values(evaluated),
    ...weights.flatMap(([, {values}]) => Array.from(values as Iterable<number>)),
  ];
}

export type Data = Parameters<Trainer['fit']>[0];

/** Two epochs, and an evaluation of the same data. Options that are left out are those that suit most rows. */
export async function trained(
  options: Partial<TrainerOptions> & Pick<TrainerOptions, 'model'>,
  data: Data,
  fit: FitOptions = {},
  evaluated: Data = data,
): Promise<Outcome> {
  const trainer = createTrainer({
    loss: 'sparseCategoricalCrossentropy',
    optimizer: sgd({learningRate: 0.1}),
    initialWeights: 'seed',
    seed: 3,
    ...options,
  });
  try {
    const {history} = await trainer.fit(data, {epochs: 2, ...fit});
    const numbers = await numbersOf(trainer, history, await trainer.evaluate(evaluated));
    return {numbers, explained: trainer.explain()};
  } finally {
    trainer.dispose();
  }
}
