import {RegularizerError} from '@regularizers/core';
import type {GivenFile} from './dropped.ts';
import {type KeptData, keepData, type OwnFile} from './kept-data.ts';
import {takeIn} from './take-in.ts';

/**
 * Reads what was dropped, and keeps it in this browser.
 *
 * @throws RegularizerError with code `unreadable` or `no-storage`, or as `takeIn`
 */
export async function keepGiven(given: readonly GivenFile[]): Promise<KeptData> {
  const files: OwnFile[] = [];
  for (const {path, file} of given) files.push({path, bytes: await bytesOf(path, file)});
  const {data, files: all} = await takeIn(files);
  try {
    await keepData(data, all);
  } catch (cause) {
    throw new RegularizerError({
      where: 'data',
      code: 'no-storage',
      message: `${data.name} cannot be kept: this browser's storage answers ${JSON.stringify(String(cause))}`,
      hint: 'Allow the page to store data, or make room. A private window may not store any.',
      cause,
    });
  }
  return data;
}

async function bytesOf(path: string, file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new RegularizerError({
      where: 'data',
      code: 'unreadable',
      message: `${path} cannot be read`,
      hint: 'It may have been moved since it was chosen: choose it again.',
      cause,
    });
  }
}
