import {describe, expect, test} from 'vitest';
import {fetchMnistBytes, mnist, mnistFiles, mnistParts} from '../../src/data/mnist.ts';
import {gzip, idxFile, mapParts, smallMnist} from './idx-files.ts';

const bytes = smallMnist(200, 50);

describe('mnist', () => {
  test('splits balanced, scales to [0, 1], keeps pictures with their labels', async () => {
    const data = await mnist(bytes, {train: 60, validation: 30});
    expect(data.inputShape).toEqual([2, 2, 1]);
    expect(data.classes).toBe(10);
    expect([data.train.size, data.validation.size, data.test.size]).toEqual([60, 30, 50]);
    for (const part of [data.train, data.validation, data.test]) {
      part.y.forEach((label, example) => {
        expect(part.x[4 * example]).toBeCloseTo(label / 255, 6);
        expect(part.x[4 * example + 2]).toBe(1);
      });
    }
    for (let label = 0; label < 10; label++) {
      expect(data.train.y.filter((y) => y === label).length).toBe(6);
      expect(data.validation.y.filter((y) => y === label).length).toBe(3);
    }
  });

  test('validates on the same examples whatever the training size, and never trains on them', async () => {
    const small = await mnist(bytes, {train: 20, validation: 30});
    const large = await mnist(bytes, {validation: 30});
    expect(small.validation).toEqual(large.validation);
    expect(large.train.x.subarray(0, small.train.x.length)).toEqual(small.train.x);
    const serials = (x: Float32Array): number[] =>
      [...x].filter((_, at) => at % 4 === 1).map((v) => Math.round(v * 255));
    expect(large.train.size).toBe(170);
    expect(new Set([...serials(large.train.x), ...serials(large.validation.x)]).size).toBe(200);
  });

  test('takes fewer test examples when told to', async () => {
    expect((await mnist(bytes, {train: 10, validation: 10, test: 20})).test.size).toBe(20);
  });

  test('refuses more than there is', async () => {
    await expect(mnist(bytes, {train: 190, validation: 30})).rejects.toThrow(
      '190 examples were asked for; there are 170',
    );
  });

  test('refuses files that do not belong together', async () => {
    const odd = {...bytes, trainLabels: idxFile([3], Uint8Array.from([1, 2, 3]))};
    await expect(mnist(odd)).rejects.toThrow(/200 images, train-labels-idx1-ubyte 3 labels/);
    await expect(mnist({...bytes, trainImages: bytes.trainLabels})).rejects.toThrow(
      /not \[count, height, width\]/,
    );
    const wide = {...bytes, testImages: idxFile([50, 1, 4], new Uint8Array(200))};
    await expect(mnist(wide, {validation: 10})).rejects.toThrow(
      /training images are 2 × 2, test images are not/,
    );
    const none = {
      ...bytes,
      trainImages: idxFile([0, 2, 2], new Uint8Array()),
      trainLabels: idxFile([0], new Uint8Array()),
    };
    await expect(mnist(none)).rejects.toThrow(/holds no images/);
  });
});

describe('fetchMnistBytes', () => {
  const server =
    (files: Readonly<Record<string, Uint8Array>>): typeof fetch =>
    async (address) => {
      const file = files[String(address)];
      return file ? new Response(file as Uint8Array<ArrayBuffer>) : new Response('no', {status: 404});
    };

  test('takes packed files, else plain ones', async () => {
    const packed = await gzip(bytes.trainImages);
    const files = Object.fromEntries(mnistParts.map((part) => [`/data/${mnistFiles[part]}`, bytes[part]]));
    delete files[`/data/${mnistFiles.trainImages}`];
    files[`/data/${mnistFiles.trainImages}.gz`] = packed;
    const fetched = await fetchMnistBytes('/data', server(files));
    expect(fetched).toEqual({...mapParts((part) => bytes[part]), trainImages: packed});
  });

  test('says what is missing, and what a server answered', async () => {
    await expect(fetchMnistBytes('/data/', server({}))).rejects.toThrow(
      /\/data\/ has no train-images-idx3-ubyte/,
    );
    // All that is missing, whichever answer comes first.
    const late: typeof fetch = async (address) => {
      if (String(address).includes(mnistFiles.trainImages))
        await new Promise((resolve) => setTimeout(resolve, 20));
      return new Response('no', {status: 404});
    };
    await expect(fetchMnistBytes('/data/', late)).rejects.toThrow(
      `has no ${mnistParts.map((part) => mnistFiles[part]).join(', ')}, packed or not`,
    );
    const broken: typeof fetch = async () => new Response('', {status: 500});
    await expect(fetchMnistBytes('/data/', broken)).rejects.toThrow(/answered 500/);
  });
});
