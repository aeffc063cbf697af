// Node only: the data files of the command line.
import type {MnistBytes} from '../data/mnist.ts';
import {readMnistBytes} from '../data/mnist-files.ts';
import {ownFiles} from '../data/own/own-files.ts';
import type {Sources} from './backends.ts';
import type {Terminal} from './output.ts';

/** MNIST from the user's folder, the cache or the network, and the user's own files: each read once. */
export function sourcesOf({stderr, signal}: Terminal): Sources {
  let bytes: Promise<MnistBytes> | undefined;
  let announced = '';
  const onProgress = ({file, total}: {readonly file: string; readonly total: number | undefined}): void => {
    if (file === announced) return;
    announced = file;
    const size = total === undefined ? '' : `, ${(total / 1e6).toFixed(1)} MB`;
    stderr.write(`Downloading ${file}${size}\n`);
  };
  const [, file = ''] = process.argv;
  return {
    own: ownFiles(),
    entry: {file, execArgv: process.execArgv},
    mnistBytes: () => {
      bytes ??= readMnistBytes({onProgress, signal});
      return bytes;
    },
  };
}
