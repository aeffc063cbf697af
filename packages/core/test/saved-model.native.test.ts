// The lines by which the guide for Node saves a trained model: into a folder, and read again.
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {addressesIn, expectSameModel, trainedModel} from './support/saved-model.ts';

test('a trained model is saved into a folder, and is the same when it is loaded', async () => {
  const guide = readFileSync(new URL('../../../docs/guides/start-in-node.md', import.meta.url), 'utf8');
  const {saved, loaded} = addressesIn(guide);
  const folder = mkdtempSync(join(tmpdir(), 'saved-model-'));
  const inFolder = (address: string): string => address.replace('file://', `file://${folder}/`);
  try {
    const model = await trainedModel();
    await model.save(inFolder(saved));
    expect(readdirSync(folder)).toHaveLength(1);
    await expectSameModel(model, await loadLayersModel(inFolder(loaded)));
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
});
