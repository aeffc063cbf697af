import {RegularizerError} from '@regularizers/core';
import {makeData} from '../../data/catalog.ts';
import type {DataSet} from '../../data/data-set.ts';
import type {Recipe} from '../../recipe.ts';
import {dataFor, type RunOptions, type RunReport, runRecipe} from '../../run.ts';
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
interface TrainedRecipe {
  readonly report: RunReport;
  /** Of the first model, where there are several. */
  readonly weights: Weights;
}

/** How one recipe is trained. */
interface TrainingPart extends Pick<RunOptions, 'onEpoch' | 'onTrainer'> {
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
  /** The data that a recipe is trained on, as its model sees it. */
  data(recipe: Recipe): Promise<DataSet>;
  /**
   * For what is trained otherwise, or takes time otherwise: says how far it is.
   *
   * @param done of this part, from 0 to 1
   * @throws the signal's reason, once it is aborted
   */
  tell(part: Pick<TrainingPart, 'words' | 'share'>, done: number): void;
  readonly signal: AbortSignal | undefined;
}

export function startTraining({signal, onProgress}: LessonOptions): Training {
  let before = 0;
  const tell: Training['tell'] = ({words, share}, done) => {
    signal?.throwIfAborted();
    onProgress?.(Math.min(1, before + share * done), words);
    if (done >= 1) before += share;
  };
  const data = (recipe: Recipe): Promise<DataSet> => dataOf(recipe);
  return {
    signal,
    tell,
    data,
    async run(recipe, part) {
      const {words, share, ...hooks} = part;
      tell(part, 0);
      let models: readonly SavedModel[] = [];
      const report = await runRecipe(recipe, {
        ...hooks,
        data: await makeData(recipe.data, embeddedOnly),
        signal,
        onProgress: ({member, members, epoch, epochs}) =>
          onProgress?.(before + (share * (member + (epoch - 1) / epochs)) / members, words),
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
