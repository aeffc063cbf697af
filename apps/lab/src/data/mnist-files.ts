// Node only.
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {RegularizerError} from '@regularizers/core';
import {writeWhole} from '@regularizers/core/node';
import envPaths from 'env-paths';
import type {ClassificationData} from './data-set.ts';
import {type MnistBytes, type MnistOptions, type MnistPart, mnist, mnistFiles, mnistParts} from './mnist.ts';
import {type DownloadOptions, downloadMnistFile, mnistSha256, verifyChecksum} from './mnist-download.ts';

/** Where {@link loadMnist} looks. */
export interface MnistSources extends DownloadOptions {
  /** A folder with the four files, packed or not; by default `$REGULARIZERS_DATA/mnist` where that variable is set. */
  readonly folder?: string | undefined;
  /** Where downloads are kept. @defaultValue a folder of the user's, outside the project */
  readonly cache?: string;
}

/** The folder of data that the user named, if any. */
export function namedMnistFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const {REGULARIZERS_DATA: data} = environment;
  return data ? join(data, 'mnist') : undefined;
}

/** Where downloads are kept unless told otherwise. */
const defaultMnistCache = (): string => join(envPaths('regularizers', {suffix: ''}).cache, 'mnist');

/**
 * MNIST from a folder of the user's, else from the cache, else downloaded once into the cache.
 *
 * Files of the user's own are taken as they are, whatever digits they hold; downloads must match their checksums,
 * also when they come out of the cache again.
 *
 * @throws RegularizerError with code `not-found`, `download-failed`, or a code of {@link mnist}
 */
export async function loadMnist(
  options: MnistOptions = {},
  sources: MnistSources = {},
): Promise<ClassificationData> {
  return mnist(await readMnistBytes(sources), options);
}

/** The bytes of the four files: see {@link loadMnist}. */
export async function readMnistBytes(sources: MnistSources = {}): Promise<MnistBytes> {
  const folder = 'folder' in sources ? sources.folder : namedMnistFolder();
  const bytes: Partial<Record<MnistPart, Uint8Array>> = {};
  for (const part of mnistParts) {
    bytes[part] =
      folder === undefined ? await cachedOrDownloaded(part, sources) : await fromFolder(folder, part);
  }
  return bytes as MnistBytes;
}

async function fromFolder(folder: string, part: MnistPart): Promise<Uint8Array> {
  const file = mnistFiles[part];
  const bytes = (await readIfThere(join(folder, file))) ?? (await readIfThere(join(folder, `${file}.gz`)));
  if (bytes) return bytes;
  throw new RegularizerError({
    where: 'mnist',
    code: 'not-found',
    message: `${folder} has neither ${file} nor ${file}.gz`,
    hint: 'Put the four files there, or unset REGULARIZERS_DATA to have them downloaded.',
  });
}

async function cachedOrDownloaded(part: MnistPart, sources: MnistSources): Promise<Uint8Array> {
  const file = `${mnistFiles[part]}.gz`;
  const path = join(sources.cache ?? defaultMnistCache(), file);
  const cached = await readIfThere(path);
  if (cached && (await isIntact(cached, file, (sources.sha256 ?? mnistSha256)[part]))) return cached;
  const bytes = await downloadMnistFile(part, sources);
  await writeWhole(path, bytes);
  return bytes;
}

async function isIntact(bytes: Uint8Array, file: string, sha256: string): Promise<boolean> {
  try {
    await verifyChecksum(bytes, file, sha256);
    return true;
  } catch (error) {
    if (RegularizerError.isInstance(error)) return false; // downloaded anew
    throw error;
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new RegularizerError({
      where: 'mnist',
      code: 'unreadable',
      message: `${path} cannot be read`,
      cause: error,
    });
  }
}
