import {
  createTrainer,
  type EpochReport,
  type Progress,
  RegularizerError,
  type Trainer,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {makeData} from '../../data/catalog.ts';
import {type DataSet, toTensors} from '../../data/data-set.ts';
import type {Recipe} from '../../recipe.ts';
import {dataFor, type RunOptions, type RunReport, runRecipe, trainerOptions} from '../../run.ts';
import type {SavedModel} from '../../saved-model.ts';
import type {LessonOptions, Trained} from './lesson.ts';

/** A trained model's weights by name, such as `output/kernel`. */
export type Weights = ReadonlyMap<string, Weight>;

/** One weight, row by row. */
interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** What came of one recipe. */
export interface TrainedRecipe {
  readonly report: RunReport;
  /** Of the first model, where there are several. */
  readonly weights: Weights;
}

/** How one recipe is trained. */
export interface TrainingPart extends Pick<RunOptions, 'onEpoch' | 'onTrainer' | 'plugins'> {
  /** What it is trained on. @defaultValue the data that the recipe names */
  readonly data?: DataSet;
  /** What a person is told that it is. */
  readonly words: string;
  /** How much of the lesson's time it takes: all shares come to 1. */
  readonly share: number;
}

/** Trains the recipes of a lesson, one after the other, on tfjs's current backend. */
export interface Training {
  /**
   * Trains and judges a recipe as `lab run` does.
   *
   * @throws what `runRecipe` throws; the signal's reason, once it is aborted
   */
  run(recipe: Recipe, part: TrainingPart): Promise<TrainedRecipe>;
  /**
   * Trains a recipe from weights of 0.
   *
   * @param epochs after which its first weight is read, in order
   * @throws as `run`
   */
  fromZero(recipe: Recipe, epochs: readonly number[], part: TrainingPart): Promise<readonly Float32Array[]>;
  /** The data that a recipe is trained on, as its model sees it. */
  data(recipe: Recipe): Promise<DataSet>;
}

export function startTraining({signal, onProgress}: LessonOptions): Training {
  let before = 0;
  const tell = ({words, share}: TrainingPart, done: 0 | 1): void => {
    signal?.throwIfAborted();
    onProgress?.(Math.min(1, before + share * done), words);
    if (done === 1) before += share;
  };
  const progress = ({words, share}: TrainingPart): ((of: Progress) => void) => {
    // Members are trained one after the other, or all together a step at a time.
    const done: number[] = [];
    return ({member, members, epoch, epochs}) => {
      done[member] = (epoch - 1) / epochs;
      onProgress?.(before + (share * done.reduce((sum, one) => sum + one, 0)) / members, words);
    };
  };
  return {
    data: dataOf,
    async fromZero(recipe, epochs, part) {
      tell(part, 0);
      const found: Float32Array[] = [];
      await trainFromZero(recipe, {
        signal,
        onStep: progress(part),
        onEpoch: async ({epoch}, trainer) => {
          if (epochs.includes(epoch)) found.push(await firstWeight(trainer));
        },
      });
      tell(part, 1);
      return found;
    },
    async run(recipe, part) {
      const {words: _, share: __, data: given, ...hooks} = part;
      tell(part, 0);
      let models: readonly SavedModel[] = [];
      const report = await runRecipe(recipe, {
        ...hooks,
        data: given ?? (await makeData(recipe.data, embeddedOnly)),
        signal,
        onProgress: progress(part),
        onTrained: (trained) => {
          models = trained;
        },
      });
      tell(part, 1);
      return {report, weights: weightsOf(models[0]!)};
    },
  };
}

const dataOf = async (recipe: Recipe): Promise<DataSet> =>
  dataFor(recipe, await makeData(recipe.data, embeddedOnly));

/** Lessons are the same for everybody, and need no network. */
const embeddedOnly = {
  mnist: () =>
    Promise.reject(
      new RegularizerError({
        where: 'lesson',
        code: 'no-files',
        message: 'a lesson is on data that the lab brings',
      }),
    ),
};

interface FromZeroOptions {
  readonly signal: AbortSignal | undefined;
  readonly onStep: (progress: Progress) => void;
  readonly onEpoch: (report: EpochReport, trainer: Trainer) => Promise<void>;
}

async function trainFromZero(recipe: Recipe, {signal, onStep, onEpoch}: FromZeroOptions): Promise<void> {
  const data = await dataOf(recipe);
  const {model, initialWeights: _, ...rest} = trainerOptions(recipe, data);
  const zeros = model.getWeights().map((weight) => tf.zerosLike(weight));
  model.setWeights(zeros);
  const train = toTensors(data, 'train');
  const trainer = createTrainer({model, ...rest});
  try {
    const {epochs, batchSize} = recipe;
    await trainer.fit(train, {
      epochs,
      batchSize,
      ...(signal ? {signal} : {}),
      onStep,
      onEpoch: (report) => onEpoch(report, trainer),
    });
  } finally {
    trainer.dispose();
    model.dispose();
    tf.dispose([zeros, train]);
  }
}

async function firstWeight(trainer: Trainer): Promise<Float32Array> {
  const [model] = await trainer.members();
  try {
    return (await model!.getWeights()[0]!.data()) as Float32Array;
  } finally {
    model!.dispose();
  }
}

function weightsOf({json, weights}: SavedModel): Weights {
  let at = weights.byteOffset;
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  return new Map(
    specs.map(({name, shape}) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const values = new Float32Array(weights.buffer.slice(at, at + 4 * size));
      at += 4 * size;
      return [name, {shape, values}];
    }),
  );
}

/** What is said of one recipe of the pair. */
export const trainedOf = ({
  measure,
  testError,
  validationError,
  gap,
  parameters,
  recipe,
  stopped,
}: RunReport): Trained => ({
  measure,
  trainingError: testError - gap,
  validationError,
  testError,
  parameters,
  epochs: stopped?.epoch ?? recipe.epochs,
});
