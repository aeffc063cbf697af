import type {Trainer} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {DataSet, Encoding} from './data/data-set.ts';
import type {Recipe} from './recipe.ts';

/** A trained model as TensorFlow.js stores it: what goes into `model.json`, and the weights that it names. */
export interface SavedModel {
  /** Which of several it is, from 1, where what they predict is put together outside of any model. */
  readonly member?: number;
  readonly json: tf.io.ModelJSON;
  readonly weights: Uint8Array;
}

/** The one file of weights that {@link SavedModel} names. */
export const weightsFile = 'weights.bin';

/** What the file says beside the model: `loaded.getUserDefinedMetadata()`. */
export interface ModelNotes {
  /** What the model was trained by. */
  readonly recipe: Recipe;
  /** What the outputs are, in order; for classes only. */
  readonly classNames?: readonly string[];
  /** How the cells of one's own table became inputs, and how to read the answers. */
  readonly encoding?: Encoding;
  /** Of several models that predict together, which one this is, from 1. */
  readonly member?: number;
  readonly members?: number;
}

/**
 * What `fit` came to, to be stored: one model, that of an ensemble where there is one. Members that vote are no model of
 * TensorFlow.js's: they are stored one by one.
 *
 * @param trained the model that `fit` resolved to
 * @param given the model that the trainer was made with
 */
export async function savedModels(
  trainer: Trainer,
  trained: LayersModel,
  given: LayersModel,
  notes: ModelNotes,
): Promise<readonly SavedModel[]> {
  if (trained !== given) return [await saved(trained, notes)];
  const members = await trainer.members();
  try {
    if (members.length < 2) return [await saved(trained, notes)];
    const all: SavedModel[] = [];
    for (const [index, model] of members.entries()) {
      const which = {member: index + 1, members: members.length};
      all.push({member: which.member, ...(await saved(model, {...notes, ...which}))});
    }
    return all;
  } finally {
    for (const model of members) model.dispose();
  }
}

async function saved(model: LayersModel, notes: ModelNotes): Promise<SavedModel> {
  let found: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      found = artifacts;
      return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}};
    }),
  );
  const {modelTopology = {}, format, generatedBy, weightSpecs = [], weightData = new ArrayBuffer(0)} = found;
  return {
    json: {
      modelTopology,
      ...(format === undefined ? {} : {format}),
      ...(generatedBy === undefined ? {} : {generatedBy}),
      userDefinedMetadata: {...notes},
      weightsManifest: [{paths: [weightsFile], weights: weightSpecs}],
    },
    weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)),
  };
}

/** What a person who has the model needs to know of its data. */
export function notesOf(recipe: Recipe, data: DataSet): ModelNotes {
  return {
    recipe,
    ...(data.kind === 'classification' ? {classNames: data.classNames} : {}),
    ...(data.encoding ? {encoding: data.encoding} : {}),
  };
}
