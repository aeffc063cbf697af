import {createHash} from 'node:crypto';
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {mnistFiles, mnistParts} from '../../src/data/mnist.ts';
import {
  type DownloadProgress,
  downloadMnistFile,
  mnistSha256,
  verifyChecksum,
} from '../../src/data/mnist-download.ts';
import {loadMnist, namedMnistFolder, readMnistBytes} from '../../src/data/mnist-files.ts';
import {gzip, mapParts, smallMnist} from './idx-files.ts';

const bytes = smallMnist(200, 50);
const sha256 = mapParts((part) => createHash('sha256').update(bytes[part]).digest('hex'));
const mirrors = ['https://first.example/', 'https://second.example/'];

/** A network: answers by address, and a list of what was asked for. */
function network(answer: (address: string) => Promise<Response> | Response): {
  fetch: typeof fetch;
  asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    fetch: async (address) => {
      asked.push(String(address));
      return answer(String(address));
    },
  };
}

const whole = async (address: string): Promise<Response> => {
  const part = mnistParts.find((name) => address.endsWith(`/${mnistFiles[name]}.gz`))!;
  const packed = await gzip(bytes[part]);
  return new Response(packed as Uint8Array<ArrayBuffer>, {
    headers: {'content-length': String(packed.length)},
  });
};

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'lab-mnist-'));
});
afterEach(() => rm(cache, {recursive: true}));

test('downloads once, then reads the cache', async () => {
  const first = network(whole);
  const data = await loadMnist(
    {train: 20, validation: 10},
    {folder: undefined, cache, mirrors, sha256, ...first},
  );
  expect(data.train.size).toBe(20);
  expect(first.asked).toEqual(mnistParts.map((part) => `https://first.example/${mnistFiles[part]}.gz`));
  expect((await readdir(cache)).sort()).toEqual(mnistParts.map((part) => `${mnistFiles[part]}.gz`).sort());
  const none = network(() => {
    throw new Error('the network was used');
  });
  expect(
    await loadMnist({train: 20, validation: 10}, {folder: undefined, cache, mirrors, sha256, ...none}),
  ).toEqual(data);
});

test('tells how far it is', async () => {
  const news: DownloadProgress[] = [];
  const {fetch} = network(whole);
  const file = await downloadMnistFile('testLabels', {
    mirrors,
    sha256,
    fetch,
    onProgress: (one) => news.push(one),
  });
  expect(news.at(-1)).toEqual({file: 't10k-labels-idx1-ubyte.gz', received: file.length, total: file.length});
});

const damages: readonly (readonly [string, RegExp, (address: string) => Promise<Response> | Response])[] = [
  [
    'has another file',
    /SHA-256/,
    async () => new Response((await gzip(bytes.testLabels)) as Uint8Array<ArrayBuffer>),
  ],
  ['answers with a page', /SHA-256/, () => new Response('<!doctype html>')],
  ['answers 403', /403/, () => new Response('', {status: 403})],
  [
    'cuts the file off',
    /cut off/,
    async (address) => {
      const packed = new Uint8Array(await (await whole(address)).arrayBuffer());
      return new Response(packed.subarray(0, packed.length - 20) as Uint8Array<ArrayBuffer>);
    },
  ],
  [
    'cannot be reached',
    /ENOTFOUND/,
    () => Promise.reject(new TypeError('fetch failed', {cause: new Error('ENOTFOUND')})),
  ],
  ['is empty', /SHA-256/, () => new Response(new Uint8Array())],
];

test.each(damages)('goes on to the next mirror when one %s', async (_, reason, damage) => {
  const {fetch, asked} = network((address) =>
    address.startsWith(mirrors[0]!) ? damage(address) : whole(address),
  );
  await downloadMnistFile('trainImages', {mirrors, sha256, fetch});
  expect(asked.map((address) => new URL(address).host)).toEqual(['first.example', 'second.example']);

  const broken = network(damage);
  const sources = {folder: undefined, cache, mirrors, sha256, fetch: broken.fetch};
  await expect(readMnistBytes(sources)).rejects.toThrow(reason);
  await expect(readMnistBytes(sources)).rejects.toMatchObject({code: 'download-failed'});
  expect(await readdir(cache)).toEqual([]);
});

test('gives up a mirror that sends nothing', async () => {
  const silent: typeof fetch = (address, options) =>
    String(address).startsWith(mirrors[0]!)
      ? new Promise((_, reject) => {
          options!.signal!.addEventListener('abort', () => reject(options!.signal!.reason));
        })
      : whole(String(address));
  const file = await downloadMnistFile('testLabels', {mirrors, sha256, fetch: silent, stallMilliseconds: 20});
  expect(file.length).toBeGreaterThan(0);
});

test('stops when told to, without trying the next mirror', async () => {
  const controller = new AbortController();
  const {fetch, asked} = network(() => {
    controller.abort(new Error('enough'));
    throw controller.signal.reason;
  });
  const {signal} = controller;
  await expect(downloadMnistFile('testLabels', {mirrors, sha256, fetch, signal})).rejects.toThrow('enough');
  expect(asked.length).toBe(1);
});

test('downloads anew what was damaged in the cache', async () => {
  const path = join(cache, `${mnistFiles.trainLabels}.gz`);
  await readMnistBytes({folder: undefined, cache, mirrors, sha256, ...network(whole)});
  const good = await readFile(path);
  await writeFile(path, good.subarray(0, 10));
  const again = network(whole);
  await readMnistBytes({folder: undefined, cache, mirrors, sha256, ...again});
  expect(again.asked).toEqual([`${mirrors[0]}${mnistFiles.trainLabels}.gz`]);
  expect(await readFile(path)).toEqual(good);
});

test('takes plain files of the user, and says which is missing', async () => {
  for (const part of mnistParts) await writeFile(join(cache, mnistFiles[part]), bytes[part]);
  expect((await loadMnist({validation: 20}, {folder: cache})).train.size).toBe(180);
  await rm(join(cache, mnistFiles.testLabels));
  await expect(loadMnist({}, {folder: cache})).rejects.toThrow(/has neither t10k-labels-idx1-ubyte nor/);
});

test('looks where REGULARIZERS_DATA says', () => {
  expect(namedMnistFolder({REGULARIZERS_DATA: 'data'})).toBe(join('data', 'mnist'));
  expect(namedMnistFolder({})).toBeUndefined();
});

// The real MNIST, for who has it: without REGULARIZERS_DATA there is nothing to read, with it a missing file fails.
if (namedMnistFolder() !== undefined) {
  test('reads 2,000 balanced examples and the full test set of the real MNIST', async () => {
    const {train, validation, test: judged, inputShape, classes} = await loadMnist({train: 2000});
    expect([train.size, validation.size, judged.size, classes]).toEqual([2000, 1000, 10_000, 10]);
    expect(inputShape).toEqual([28, 28, 1]);
    for (let label = 0; label < 10; label++) {
      expect(train.y.filter((y) => y === label).length).toBe(200);
    }
    expect(train.x.reduce((most, value) => Math.max(most, value), 0)).toBe(1);
    // The test set's first digits, as everybody knows them.
    expect([...judged.y.subarray(0, 8)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9]);
  });

  test('the real MNIST has the published checksums', async () => {
    const real = await readMnistBytes();
    for (const part of mnistParts) await verifyChecksum(real[part], mnistFiles[part], mnistSha256[part]);
  });
}
