import {programCode, programFiles} from '../../code/program.ts';
import {csvRead} from '../../code/table-code.ts';
import type {DataSet} from '../../data/data-set.ts';
import {buildModel} from '../../models/catalog.ts';
import {portsOf} from '../../models/ports.ts';
import type {Recipe} from '../../recipe.ts';
import {createRegularizers, type LabPlugin} from '../../regularizers.ts';
import {dataFor} from '../../run.ts';
import {keptFiles, nameOf} from '../own/load-kept.ts';
import type {Program} from './protocol.ts';

const place = {file: 'train.ts', folder: 'train-data'};

/**
 * The program that trains a recipe without the lab, on plain JavaScript, which is everywhere.
 *
 * @param withData whether what it reads is wanted, too
 * @throws RegularizerError as `programCode`
 */
export async function programFor(
  recipe: Recipe,
  given: DataSet,
  {plugins, withData}: {readonly plugins: readonly LabPlugin[]; readonly withData: boolean},
): Promise<Program> {
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
      csvUrl: (file) => `./${encodeURIComponent(nameOf(file))}`,
    });
    const {file} = place;
    return {file, code, files: withData ? await filesOf(recipe, data) : new Map()};
  } finally {
    model.dispose();
  }
}

/** What a program reads, by paths from its folder: a CSV file that is kept here, or arrays. */
async function filesOf(recipe: Recipe, data: DataSet): Promise<Program['files']> {
  const csv = csvRead(recipe);
  if (!csv) return programFiles({...place, recipe, data});
  const [only] = await keptFiles(csv);
  return new Map([[nameOf(csv.file), only!.bytes]]);
}
