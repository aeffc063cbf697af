// `lab run --save`: a folder that TensorFlow.js loads, written whole or not at all.
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {basename, join} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {registerNative} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {type LayersModel, loadLayersModel} from '@tensorflow/tfjs-layers';
import {afterEach, describe, expect, test} from 'vitest';
import {faultAt} from '../../../../vitest/file-faults.mjs';
import {openModelFolder} from '../../src/cli/model-folder.ts';
import {type SavedModel, weightsFile} from '../../src/saved-model.ts';
import {tiny, useFolder} from './folder.ts';
import {lab} from './terminal.ts';

const folder = useFolder();
afterEach(() => registerNative()); // back from other backends

const saved = (): string => folder.path('model');
const words = async (...more: string[]): Promise<string[]> => [
  ...['run', await folder.write('a.json', tiny), '--out', folder.path('out')],
  ...['--save', saved(), ...more],
];

/** Loads as a page does: by HTTP, which names the files that it has asked for. */
async function loadByHttp(path: string): Promise<LayersModel> {
  const server = createServer((request, response) => {
    readFile(join(path, basename(request.url!))).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await loadLayersModel(`http://127.0.0.1:${(server.address() as AddressInfo).port}/model.json`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const outputOf = (model: LayersModel): Float32Array =>
  tf.tidy(() => (model.predict(tf.tensor2d([[0.3, -0.2]])) as tf.Tensor).dataSync<'float32'>().slice());

test.each(['native', 'cpu', 'webgl'])(
  'a model that was trained on %s loads in Node and by HTTP',
  async (backend) => {
    const {code, stderr} = await lab(await words('--backend', backend));
    expect([code, stderr.includes(join(saved(), 'model.json'))]).toEqual([0, true]);
    await registerNative();
    const [fromFile, fromHttp] = [
      await loadLayersModel(`file://${saved()}/model.json`),
      await loadByHttp(saved()),
    ];
    expect(fromFile.getUserDefinedMetadata()).toMatchObject({
      recipe: tiny,
      classNames: ['class 1', 'class 2'],
    });
    expect(outputOf(fromFile)).toEqual(outputOf(fromHttp));
    expect((await readdir(saved())).toSorted()).toEqual([
      'model.json',
      expect.stringMatching(/^weights-\w+\.bin$/),
    ]);
  },
);

test('one takes the place of another, also of one with members', async () => {
  await lab(await words());
  const voting = {...tiny, regularizers: [{name: 'bagging', members: 3, combine: 'vote'}]};
  const file = await folder.write('b.json', voting);
  const {code, stderr} = await lab(['run', file, '--out', folder.path('out'), '--save', saved()]);
  expect(code).toBe(0);
  expect(stderr).toContain(join(saved(), 'member-3', 'model.json'));
  expect(await readdir(saved())).toEqual(['member-1', 'member-2', 'member-3']);
  await lab(await words());
  expect(await readdir(saved())).toEqual(['model.json', expect.stringMatching(/^weights-/)]);
});

describe('is refused before anything is trained', () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['a file in its place', () => writeFile(saved(), ''), /cannot be written: a part of its path is a file/],
    [
      'something else called model.json',
      async () => {
        await mkdir(saved());
        await writeFile(join(saved(), 'model.json'), '{"format": "graph-model"}');
      },
      /^\[lab\] .*model\.json is there, and is no model that the lab would write\n {2}Give --save another/,
    ],
    [
      'a folder in the place of the file',
      () => mkdir(join(saved(), 'model.json'), {recursive: true}),
      /it is a folder/,
    ],
  ])('%s', async (_, prepare, message) => {
    await prepare();
    const {code, stdout, stderr} = await lab(await words());
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('a folder that another process writes', async () => {
    const other = await openModelFolder(saved());
    const {code, stdout, stderr} = await lab(await words());
    await other.close();
    expect(stderr).toMatch(/^\[lab\] process \d+ is writing model in .*\n {2}Wait for its end/);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('an interrupted run writes none, and writes it when it has gone on to its end', async () => {
    expect((await lab(await words('--save-every', '0'), {interruptAt: 'parameters:'})).code).toBe(130);
    expect(await readdir(saved())).toEqual([]);
    expect((await lab(await words('--resume'))).code).toBe(0);
    const resumed = await loadLayersModel(`file://${saved()}/model.json`);
    await lab(await words());
    expect(outputOf(resumed)).toEqual(outputOf(await loadLayersModel(`file://${saved()}/model.json`)));
  });
});

test('whatever call of the file system fails, there is one whole model, the old or the new', async () => {
  const modelOf = (value: number): SavedModel => ({
    json: {
      modelTopology: {value},
      format: 'layers-model',
      weightsManifest: [{paths: [weightsFile], weights: [{name: 'w', shape: [1], dtype: 'float32'}]}],
    },
    weights: new Uint8Array(Float32Array.of(value).buffer),
  });
  const valueIn = async (): Promise<unknown> => {
    const {modelTopology, weightsManifest} = JSON.parse(await readFile(join(saved(), 'model.json'), 'utf8'));
    const bytes = await readFile(join(saved(), weightsManifest[0].paths[0]));
    const [value] = new Float32Array(new Uint8Array(bytes).buffer);
    expect(value).toBe(modelTopology.value);
    return value;
  };
  const {save, close} = await openModelFolder(saved());
  await save([modelOf(0)]);
  let [before, failures] = [0, 0];
  for (let at = 1, isOver = false; !isOver; at++) {
    const fault = faultAt('ENOSPC', at, saved());
    const error = await save([modelOf(at)]).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    isOver = fault.count() < at;
    fault.undo();
    if (error !== undefined) expect(RegularizerError.isInstance(error)).toBe(true);
    failures += error === undefined ? 0 : 1;
    const value = Number(await valueIn());
    expect([before, at]).toContain(value);
    before = value;
  }
  expect(failures).toBeGreaterThan(15);
  await save([modelOf(0.5)]);
  await close();
  expect((await readdir(saved())).toSorted()).toEqual(['model.json', expect.stringMatching(/^weights-/)]);
});
