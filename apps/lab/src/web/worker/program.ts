import {programCode, programData} from '../../code/program.ts';
import type {DataSet} from '../../data/data-set.ts';
import {buildModel} from '../../models/catalog.ts';
import {portsOf} from '../../models/ports.ts';
import type {Recipe} from '../../recipe.ts';
import {createRegularizers, type LabPlugin} from '../../regularizers.ts';
import {dataFor} from '../../run.ts';
import type {Program} from './protocol.ts';

const place = {file: 'train.ts', folder: 'train-data'};

/**
 * The program that trains a recipe without the lab, on plain JavaScript, which is everywhere.
 *
 * @param withData whether its arrays are wanted, too
 * @throws RegularizerError as `programCode`
 */
export function programFor(
  recipe: Recipe,
  given: DataSet,
  {plugins, withData}: {readonly plugins: readonly LabPlugin[]; readonly withData: boolean},
): Program {
  const data = dataFor(recipe, given);
  const model = buildModel(recipe.model, portsOf(data));
  try {
    const code = programCode({
      ...place,
      recipe,
      data,
      model,
      regularizers: createRegularizers(recipe.regularizers, plugins),
      backend: 'cpu',
      moduleOf: (use) => use,
    });
    return {...place, code, data: withData ? programData(data) : new Map()};
  } finally {
    model.dispose();
  }
}
