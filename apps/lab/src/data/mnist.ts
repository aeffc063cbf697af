import {RegularizerError} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import {z} from 'zod';
import {dataSeed, exampleCount, parseOptions} from '../options.ts';
import {type ClassificationData, gatherRows, type Split} from './data-set.ts';
import {type IdxArray, readIdx} from './idx.ts';
import {balancedSubset, remaining} from './subset.ts';

/** Options of {@link mnist}. */
export const mnistSchema = z.strictObject({
  name: z.literal('mnist').default('mnist'),
  /** Training examples, as many of each digit; left out, all that validation leaves over. */
  train: exampleCount.optional(),
  /** Examples held out of the training files. */
  validation: exampleCount.default(1000),
  /** Test examples; left out, all 10,000. */
  test: exampleCount.optional(),
  seed: dataSeed.default(0),
});

/** Options of {@link mnist}, defaults left out. */
export type MnistOptions = z.input<typeof mnistSchema>;

/** The four files of MNIST, and of the sets that copy its format. */
export const mnistFiles = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

/** Which of the four. */
export type MnistPart = keyof typeof mnistFiles;

/** The four parts, in the order in which they are read. */
export const mnistParts: readonly MnistPart[] = ['trainImages', 'trainLabels', 'testImages', 'testLabels'];

/** The bytes of each file, packed with gzip or not. */
export type MnistBytes = Readonly<Record<MnistPart, Uint8Array>>;

/**
 * MNIST (Y. LeCun, C. Cortes, C. Burges), or another set in its format, from the bytes of its four files: pixels in
 * [0, 1], a class-balanced training set of the size asked for, validation examples that are none of it, and the test set.
 *
 * The validation set depends on the seed alone, and a smaller training set is part of a larger one.
 *
 * @throws RegularizerError with code `bad-option`, `too-few-examples`, `bad-data`, or a code of {@link readIdx}
 */
export async function mnist(bytes: MnistBytes, options: MnistOptions = {}): Promise<ClassificationData> {
  const {train, validation, test, seed} = parseOptions('mnist', mnistSchema, options);
  const training = await readPair(bytes, 'trainImages', 'trainLabels');
  const testing = await readPair(bytes, 'testImages', 'testLabels');
  const [, height, width] = training.images.shape;
  if (testing.images.shape[1] !== height || testing.images.shape[2] !== width) {
    throw badData(`training images are ${height} × ${width}, test images are not`);
  }
  const heldOut = balancedSubset(training.labels, validation, deriveKey(seed, 'mnist', 'validation'));
  const rest = remaining(training.labels.length, heldOut);
  const chosen = balancedSubset(
    training.labels,
    train ?? rest.length,
    deriveKey(seed, 'mnist', 'train'),
    rest,
  );
  const all = Int32Array.from(testing.labels, (_, position) => position);
  const judged =
    test === undefined ? all : balancedSubset(testing.labels, test, deriveKey(seed, 'mnist', 'test'), all);
  const classes = 1 + training.labels.reduce((most, label) => Math.max(most, label), 0);
  return {
    name: 'mnist',
    description: `Handwritten digits, ${height} × ${width} grey pixels.`,
    kind: 'classification',
    inputShape: [height!, width!, 1],
    classes,
    classNames: Array.from({length: classes}, (_, label) => String(label)),
    train: pick(training, chosen),
    validation: pick(training, heldOut),
    test: pick(testing, judged),
  };
}

interface Pair {
  readonly images: IdxArray;
  readonly labels: Uint8Array;
}

async function readPair(bytes: MnistBytes, imagesPart: MnistPart, labelsPart: MnistPart): Promise<Pair> {
  const images = await readIdx(bytes[imagesPart], mnistFiles[imagesPart]);
  const labels = await readIdx(bytes[labelsPart], mnistFiles[labelsPart]);
  if (images.shape.length !== 3) {
    throw badData(`${mnistFiles[imagesPart]} has shape [${images.shape}], not [count, height, width]`);
  }
  if (labels.shape.length !== 1) {
    throw badData(`${mnistFiles[labelsPart]} has shape [${labels.shape}], not [count]`);
  }
  if (images.shape[0] !== labels.shape[0]) {
    throw badData(
      `${mnistFiles[imagesPart]} has ${images.shape[0]} images, ${mnistFiles[labelsPart]} ${labels.shape[0]} labels`,
    );
  }
  if (images.data.length === 0) throw badData(`${mnistFiles[imagesPart]} holds no images`);
  return {images, labels: labels.data};
}

function pick({images, labels}: Pair, rows: Int32Array): Split<Int32Array> {
  const [, height, width] = images.shape;
  const pixels = gatherRows(images.data, height! * width!, rows);
  return {
    size: rows.length,
    x: pixels.map((value) => value / 255),
    y: rows.map((row) => labels[row]!),
  };
}

function badData(message: string): RegularizerError {
  return new RegularizerError({where: 'mnist', code: 'bad-data', message});
}

/**
 * The four files from a web server, each as `name.gz` or as `name`, for the page.
 *
 * @param base address of the folder, with or without a slash at its end
 * @throws RegularizerError with code `not-found` or `bad-response`
 */
export async function fetchMnistBytes(base: string, fetchFile: typeof fetch = fetch): Promise<MnistBytes> {
  const folder = base.endsWith('/') ? base : `${base}/`;
  const found = await Promise.all(
    mnistParts.map(async (part) => [part, await bytesAt(`${folder}${mnistFiles[part]}`, fetchFile)] as const),
  );
  const missing = found.filter(([, bytes]) => bytes === undefined).map(([part]) => mnistFiles[part]);
  if (missing.length > 0) {
    throw new RegularizerError({
      where: 'mnist',
      code: 'not-found',
      message: `${folder} has no ${missing.join(', ')}, packed or not`,
    });
  }
  return Object.fromEntries(found) as unknown as MnistBytes;
}

/** A file's bytes, packed where it is there packed; none where it isn't. */
async function bytesAt(address: string, fetchFile: typeof fetch): Promise<Uint8Array | undefined> {
  for (const one of [`${address}.gz`, address]) {
    const response = await fetchFile(one);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    if (response.status !== 404) {
      throw new RegularizerError({
        where: 'mnist',
        code: 'bad-response',
        message: `${one} answered ${response.status}`,
      });
    }
  }
  return undefined;
}
