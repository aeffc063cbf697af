// The real MNIST, where REGULARIZERS_DATA holds it.
import {expect, test} from 'vitest';
import {mnistFiles, mnistParts} from '../../src/data/mnist.ts';
import {mnistSha256, verifyChecksum} from '../../src/data/mnist-download.ts';
import {loadMnist, namedMnistFolder, readMnistBytes} from '../../src/data/mnist-files.ts';

const there = namedMnistFolder() !== undefined;

test.runIf(there)('reads 2,000 balanced examples and the full test set', async () => {
  const {train, validation, test: judged, inputShape, classes} = await loadMnist({train: 2000});
  expect([train.size, validation.size, judged.size, classes]).toEqual([2000, 1000, 10_000, 10]);
  expect(inputShape).toEqual([28, 28, 1]);
  for (let label = 0; label < 10; label++) expect(train.y.filter((y) => y === label).length).toBe(200);
  expect(train.x.reduce((most, value) => Math.max(most, value), 0)).toBe(1);
  // The test set's first digits, as everybody knows them.
  expect([...judged.y.subarray(0, 8)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9]);
});

test.runIf(there)('has the published checksums', async () => {
  const bytes = await readMnistBytes();
  for (const part of mnistParts) await verifyChecksum(bytes[part], mnistFiles[part], mnistSha256[part]);
});
