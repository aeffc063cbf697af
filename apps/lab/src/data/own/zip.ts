import {unzipSync} from 'fflate';
import {ownError} from './own-error.ts';

const mostBytes = 2 ** 30;

/** Whether bytes are a zip file. */
export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/**
 * The files in a zip file by their names. What they say of their size is looked at before anything is unpacked.
 *
 * @param file its name, for messages
 * @param isWanted which of them, by name; folders are none
 * @param code of the error where it cannot be unpacked
 * @throws RegularizerError with that code, or `too-large`
 */
export function unzip(
  bytes: Uint8Array,
  file: string,
  {code, isWanted}: {readonly code: string; readonly isWanted: (name: string) => boolean},
): ReadonlyMap<string, Uint8Array> {
  let size = 0;
  let entries: Readonly<Record<string, Uint8Array>>;
  try {
    entries = unzipSync(bytes, {
      filter: ({name, originalSize}) => {
        if (name.endsWith('/') || !isWanted(name)) return false;
        size += originalSize;
        return size <= mostBytes;
      },
    });
  } catch (cause) {
    throw ownError(code, file, 'it cannot be unpacked: it is cut off or damaged', {cause});
  }
  if (size > mostBytes) throw ownError('too-large', file, `it holds ${size} bytes; the most is ${mostBytes}`);
  return new Map(Object.entries(entries));
}
