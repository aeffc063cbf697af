import {type DataLoaders, makeData} from './data/catalog.ts';
import type {DataSet} from './data/data-set.ts';
import {sizeOfData} from './data/size.ts';
import {checkPlanSize} from './plan-size.ts';
import type {Recipe} from './recipe.ts';
import type {LabPlugin} from './regularizers.ts';
import {type Preview, previewRecipe, type RunOptions, type RunReport, runRecipe} from './run.ts';

/** What a runner is told about one run, and what it tells. */
export interface RunHooks extends Omit<RunOptions, 'data' | 'plugins'> {
  /** Something that a person should hear of, as a sentence: that the browser is started again. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
}

/** Where recipes are trained: in this process, or in a browser that it drives. */
export interface Runner {
  /** What a person calls the backend, such as `native (TensorFlow 2.21.0)`. */
  readonly label: string;
  /** What is loaded beside the lab's own packages. @defaultValue nothing */
  readonly plugins?: readonly LabPlugin[];
  /** Checks that a recipe can be trained. @throws RegularizerError */
  preview(recipe: Recipe): Promise<Preview>;
  run(recipe: Recipe, hooks?: RunHooks): Promise<RunReport>;
  close(): Promise<void>;
}

/** A runner on this process's current backend. It keeps the data that it used last. */
export function localRunner(label: string, loaders: DataLoaders, plugins: readonly LabPlugin[] = []): Runner {
  let last: {readonly key: string; readonly data: Promise<DataSet>} | undefined;
  const dataOf = async (recipe: Recipe): Promise<DataSet> => {
    const key = JSON.stringify(recipe.data);
    if (last?.key !== key) last = {key, data: makeData(recipe.data, loaders)};
    try {
      const data = await last.data;
      checkPlanSize(recipe, plugins, sizeOfData(data)); // of files, the size is only known now
      return data;
    } catch (error) {
      last = undefined;
      throw error;
    }
  };
  return {
    label,
    plugins,
    preview: async (recipe) => previewRecipe(recipe, {plugins, data: await dataOf(recipe)}),
    run: async (recipe, hooks) => runRecipe(recipe, {...hooks, plugins, data: await dataOf(recipe)}),
    close: async () => {
      last = undefined;
    },
  };
}
