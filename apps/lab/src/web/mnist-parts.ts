import {type MnistPart, mnistFiles, mnistParts} from '../data/mnist.ts';

/** Files by what their names say that they are: `t10k-labels-idx1-ubyte (2).gz` is the test labels. */
export function byPart(files: Iterable<File>): Partial<Record<MnistPart, File>> {
  const found: Partial<Record<MnistPart, File>> = {};
  for (const file of files) {
    const part = mnistParts.find((one) => file.name.replaceAll('.', '-').includes(mnistFiles[one]));
    if (part) found[part] = file;
  }
  return found;
}

/** The four files of MNIST, or of another set in its format, where they came together. */
export function wholeMnist(files: readonly File[]): Partial<Record<MnistPart, File>> | undefined {
  const found = byPart(files);
  return mnistParts.every((part) => found[part]) ? found : undefined;
}
