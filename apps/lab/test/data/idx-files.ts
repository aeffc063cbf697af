import {type MnistBytes, type MnistPart, mnistParts} from '../../src/data/mnist.ts';

/** An IDX file of bytes. */
export function idxFile(shape: readonly number[], data: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(file.buffer);
  file.set([0, 0, 8, shape.length]);
  shape.forEach((side, dimension) => {
    view.setUint32(4 + 4 * dimension, side);
  });
  file.set(data, 4 + 4 * shape.length);
  return file;
}

/** Packs bytes. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** A set in MNIST's format: 2 × 2 pictures whose first pixel is their label, whose second counts up. */
export function smallMnist(training: number, testing: number, classes = 10): MnistBytes {
  const labels = (count: number): Uint8Array => new Uint8Array(count).map((_, at) => (at * 7) % classes);
  const images = (count: number): Uint8Array => {
    const all = labels(count);
    return new Uint8Array(count * 4).map((_, at) =>
      at % 4 === 0 ? all[at / 4]! : at % 4 === 1 ? at >> 2 : 255,
    );
  };
  const files: Record<MnistPart, Uint8Array> = {
    trainImages: idxFile([training, 2, 2], images(training)),
    trainLabels: idxFile([training], labels(training)),
    testImages: idxFile([testing, 2, 2], images(testing)),
    testLabels: idxFile([testing], labels(testing)),
  };
  return files;
}

/** Every part, changed. */
export const mapParts = <To>(change: (part: MnistPart) => To): Record<MnistPart, To> =>
  Object.fromEntries(mnistParts.map((part) => [part, change(part)])) as Record<MnistPart, To>;
