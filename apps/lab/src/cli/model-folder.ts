// Node only: a trained model as a folder that tf.loadLayersModel reads.
import {createHash} from 'node:crypto';
import {readdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {checkWritable, fileError, writeWhole} from '@regularizers/core/node';
import type {SavedModel} from '../saved-model.ts';
import {openFolder} from './open-folder.ts';
import {claimOutput} from './output-lock.ts';

/** A folder for a trained model, which nobody else writes meanwhile. */
export interface ModelFolder {
  /**
   * Writes what was trained.
   *
   * @returns the paths of the models
   * @throws RegularizerError with code `cannot-write`; each model that was there is there still, or the new one is
   */
  save(models: readonly SavedModel[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

const file = 'model.json';
const format = 'layers-model';
/** Weights are called after their content, so that those of another model are never in their place. */
const weightsPattern = /^weights-[0-9a-f]{16}\.bin$/;
const memberPattern = /^member-\d+$/;

/**
 * Makes sure, before anything is trained, that a model can be written into a folder: that it can be made and written, that
 * no other process does so, and that nothing else is in the place of a model.
 *
 * @throws RegularizerError with code `cannot-write`, `in-use` or `no-model`
 */
export async function openModelFolder(folder: string): Promise<ModelFolder> {
  return openFolder(folder, async () => {
    await refuseOthers(join(folder, file));
    await checkWritable(join(folder, file));
    return {
      save: (models: readonly SavedModel[]) => saveModels(folder, models),
      close: await claimOutput(folder, 'model'),
    };
  });
}

/** What is called as our file but is none of a layers model stays. */
async function refuseOthers(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined; // what may be written is checked next
    throw error;
  });
  if (text === undefined || formatOf(text) === format) return;
  throw new RegularizerError({
    where: 'lab',
    code: 'no-model',
    message: `${path} is there, and is no model that the lab would write`,
    hint: 'Give --save another folder, or remove the file.',
  });
}

function formatOf(text: string): unknown {
  try {
    return JSON.parse(text)?.format;
  } catch {
    return undefined;
  }
}

async function saveModels(folder: string, models: readonly SavedModel[]): Promise<readonly string[]> {
  const paths: string[] = [];
  try {
    for (const model of models) {
      const own = model.member === undefined ? folder : join(folder, `member-${model.member}`);
      paths.push(await saveModel(own, model));
    }
    await removeEarlier(folder, models);
  } catch (error) {
    throw fileError('cannot-write', folder, error);
  }
  return paths;
}

/**
 * The weights first, under a name that nothing has yet, and then the file that names them: whoever reads that sees the
 * earlier model or this one, also after the process was killed.
 */
async function saveModel(folder: string, {json, weights}: SavedModel): Promise<string> {
  const path = join(folder, file);
  const hash = createHash('sha256').update(weights).digest('hex').slice(0, 16);
  const name = `weights-${hash}.bin`;
  await writeWhole(join(folder, name), weights);
  const weightsManifest = json.weightsManifest.map((group) => ({...group, paths: [name]}));
  await writeWhole(path, `${JSON.stringify({...json, weightsManifest})}\n`);
  for (const other of await readdir(folder)) {
    if (weightsPattern.test(other) && other !== name) await rm(join(folder, other), {force: true});
  }
  return path;
}

/** Of an earlier model what this one has not: more members, or one model where there are members now. */
async function removeEarlier(folder: string, models: readonly SavedModel[]): Promise<void> {
  const kept = new Set(models.map(({member}) => (member === undefined ? file : `member-${member}`)));
  for (const name of await readdir(folder)) {
    const isOfMembers = memberPattern.test(name) && !kept.has(name);
    const isOfOne = !kept.has(file) && (name === file || weightsPattern.test(name));
    if (isOfMembers || isOfOne) await rm(join(folder, name), {force: true, recursive: true});
  }
}
