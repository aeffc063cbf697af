import {RegularizerError} from '@regularizers/core';
import {fetchMnistBytes, type MnistBytes, mnistFiles, mnistParts} from '../../data/mnist.ts';
import type {MnistSource} from './protocol.ts';

/**
 * The bytes of MNIST's files from where the page's user has them.
 *
 * @throws RegularizerError with code `not-found`, `unreadable` or `unreachable`, or one of `fetchMnistBytes`
 */
export async function readMnistSource(source: MnistSource | undefined): Promise<MnistBytes> {
  if (source?.from === 'address') return fetched(source.address);
  const bytes: Partial<Record<(typeof mnistParts)[number], Uint8Array>> = {};
  for (const part of mnistParts) {
    const file = source?.files[part];
    if (!file) {
      throw new RegularizerError({
        where: 'mnist',
        code: 'not-found',
        message: `${mnistFiles[part]} is not chosen yet`,
        hint: 'Choose the four files, packed with gzip or not, or a folder that this page can fetch.',
      });
    }
    bytes[part] = await bytesOf(file);
  }
  return bytes as MnistBytes;
}

async function bytesOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new RegularizerError({
      where: 'mnist',
      code: 'unreadable',
      message: `${file.name} cannot be read`,
      hint: 'It may have been moved since it was chosen: choose it again.',
      cause: error,
    });
  }
}

async function fetched(address: string): Promise<MnistBytes> {
  try {
    return await fetchMnistBytes(address);
  } catch (error) {
    if (RegularizerError.isInstance(error)) throw error;
    throw new RegularizerError({
      where: 'mnist',
      code: 'unreachable',
      message: `${address} cannot be fetched`,
      hint: 'The address must be reachable from this page, and its server must allow it (CORS).',
      cause: error,
    });
  }
}
