// Node only.
import {createHash} from 'node:crypto';
import {RegularizerError} from '@regularizers/core';
import {gunzip, isGzip} from './idx.ts';
import {type MnistPart, mnistFiles} from './mnist.ts';

/** SHA-256 of each file, unpacked: mirrors pack the same bytes differently. */
export const mnistSha256: Readonly<Record<MnistPart, string>> = {
  trainImages: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  trainLabels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  testImages: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  testLabels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** Where MNIST can be had, best first. */
const mnistMirrors: readonly string[] = [
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
];

/** News of a download. */
export interface DownloadProgress {
  readonly file: string;
  /** Bytes so far. */
  readonly received: number;
  /** Bytes in all, where the server says. */
  readonly total: number | undefined;
}

/** What {@link downloadMnistFile} can be told; all of it for tests and slow networks. */
export interface DownloadOptions {
  readonly mirrors?: readonly string[];
  readonly sha256?: Readonly<Record<MnistPart, string>>;
  readonly fetch?: typeof fetch;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
  /** A mirror that sends nothing for so long is given up. @defaultValue 30_000 */
  readonly stallMilliseconds?: number;
}

/**
 * Downloads one file from the first mirror that has it whole.
 *
 * @returns the file as sent, packed
 * @throws RegularizerError with code `download-failed`, saying what went wrong with each mirror
 */
export async function downloadMnistFile(part: MnistPart, options: DownloadOptions = {}): Promise<Uint8Array> {
  const {mirrors = mnistMirrors, sha256 = mnistSha256, signal} = options;
  const file = `${mnistFiles[part]}.gz`;
  const failures: string[] = [];
  for (const mirror of mirrors) {
    try {
      const bytes = await download(`${mirror}${file}`, file, options);
      await verifyChecksum(bytes, file, sha256[part]);
      return bytes;
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(`${mirror}: ${reasonOf(error)}`);
    }
  }
  throw new RegularizerError({
    where: 'mnist',
    code: 'download-failed',
    message: `${file} could not be downloaded (${failures.join('; ')})`,
    hint: 'Put the four files of MNIST in a folder named mnist and set REGULARIZERS_DATA to the folder around it.',
  });
}

/**
 * Checks a file, packed or not, against the checksum of its unpacked bytes.
 *
 * @throws RegularizerError with code `bad-checksum` or `bad-gzip`
 */
export async function verifyChecksum(bytes: Uint8Array, file: string, sha256: string): Promise<void> {
  const unpacked = isGzip(bytes) ? await gunzip(bytes, file) : bytes;
  const found = createHash('sha256').update(unpacked).digest('hex');
  if (found === sha256) return;
  throw new RegularizerError({
    where: 'mnist',
    code: 'bad-checksum',
    message: `${file} is not the file that was published: its SHA-256 is ${found}, not ${sha256}`,
  });
}

async function download(
  address: string,
  file: string,
  {fetch: fetchFile = fetch, onProgress, signal, stallMilliseconds = 30_000}: DownloadOptions,
): Promise<Uint8Array> {
  const stalled = new AbortController();
  const restart = (): NodeJS.Timeout =>
    setTimeout(() => stalled.abort(new Error(`nothing came for ${stallMilliseconds} ms`)), stallMilliseconds);
  let timer = restart();
  try {
    const response = await fetchFile(address, {
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    const announced = Number(response.headers.get('content-length'));
    const total = announced > 0 ? announced : undefined;
    const chunks: Uint8Array[] = [];
    let received = 0;
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = restart();
      chunks.push(chunk);
      received += chunk.length;
      onProgress?.({file, received, total});
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed"; what failed is underneath.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
