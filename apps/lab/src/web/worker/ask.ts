import {type Checkpoint, createTrainer, type Trainer} from '@regularizers/core';
import type {DataSet} from '../../data/data-set.ts';
import {answerOf} from '../../looks/answer.ts';
import type {Recipe} from '../../recipe.ts';
import type {LabPlugin} from '../../regularizers.ts';
import {dataFor, trainerOptions} from '../../run.ts';

const most = 8; // models that are held at a time

/** A model that was trained elsewhere, as it came to be. */
export interface Trained {
  readonly recipe: Recipe;
  readonly checkpoint: Checkpoint;
}

/** Holds models that were trained, to ask them of one picture after the other. */
export interface Askable {
  /** Takes a model in; the one that was taken in first goes where there are many. */
  know(run: string, trained: Trained, data: Promise<DataSet>): void;
  /** The probability of each class, or undefined of a run that is not known. */
  answer(run: string, picture: Float32Array): Promise<Float32Array | undefined>;
}

/** What predicts, on the backend that is in use. */
export function createAskable(plugins: Promise<readonly LabPlugin[]>): Askable {
  const known = new Map<string, Promise<Restored>>();
  return {
    know(run, trained, data) {
      known.set(run, restored(trained, data, plugins));
      const [oldest] = known.keys();
      if (known.size <= most || oldest === undefined) return;
      void known.get(oldest)?.then(({dispose}) => dispose());
      known.delete(oldest);
    },
    async answer(run, picture) {
      const found = await known.get(run);
      return found && answerOf(found.trainer, picture, [1, ...found.shape]);
    },
  };
}

interface Restored {
  readonly trainer: Trainer;
  /** Of a picture. */
  readonly shape: readonly number[];
  dispose(): void;
}

async function restored(
  {recipe, checkpoint}: Trained,
  given: Promise<DataSet>,
  plugins: Promise<readonly LabPlugin[]>,
): Promise<Restored> {
  const data = dataFor(recipe, await given);
  const options = trainerOptions(recipe, data, await plugins);
  const trainer = createTrainer(options);
  const dispose = (): void => {
    trainer.dispose();
    options.model.dispose();
  };
  try {
    await trainer.restore(checkpoint);
  } catch (error) {
    dispose();
    throw error;
  }
  return {trainer, shape: data.inputShape, dispose};
}
