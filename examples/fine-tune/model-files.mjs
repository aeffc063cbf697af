// tfjs models as files in Node without tfjs-node: model.json and weights.bin, as tf.loadLayersModel reads them anywhere.
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {io} from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';

export async function loadModel(folder) {
  const json = JSON.parse(await readFile(new URL('model.json', folder), 'utf8'));
  const weights = await readFile(new URL('weights.bin', folder));
  return loadLayersModel(
    io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength),
    }),
  );
}

export async function saveModel(model, folder) {
  await mkdir(folder, {recursive: true});
  await model.save(
    io.withSaveHandler(async ({modelTopology, weightSpecs, weightData}) => {
      const weightsManifest = [{paths: ['weights.bin'], weights: weightSpecs}];
      await writeFile(
        new URL('model.json', folder),
        `${JSON.stringify({modelTopology, weightsManifest}, null, 2)}\n`,
      );
      await writeFile(new URL('weights.bin', folder), new Uint8Array(weightData));
      return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}};
    }),
  );
}
