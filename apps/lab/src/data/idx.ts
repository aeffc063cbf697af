import {RegularizerError} from '@regularizers/core';

/** An array of bytes and its shape, as an IDX file holds it. */
export interface IdxArray {
  readonly shape: readonly number[];
  /** Row by row, the last dimension fastest. */
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/**
 * Reads an IDX file of bytes, packed with gzip or not, in Node and in the browser.
 *
 * @param bytes the whole file
 * @param file its name, for messages
 * @throws RegularizerError with code `empty-file`, `bad-gzip`, `wrong-magic`, `truncated-file` or `trailing-bytes`
 */
export async function readIdx(bytes: Uint8Array, file: string): Promise<IdxArray> {
  return parseIdx(isGzip(bytes) ? await gunzip(bytes, file) : bytes, file);
}

/**
 * Parses an IDX file of bytes: two zeros, the type (8), the number of dimensions, each dimension as a big-endian
 * 32-bit number, then the values.
 *
 * @param bytes the whole file, unpacked
 * @param file its name, for messages
 * @returns a view of the bytes, not a copy
 * @throws RegularizerError with code `empty-file`, `wrong-magic`, `truncated-file` or `trailing-bytes`
 */
export function parseIdx(bytes: Uint8Array, file: string): IdxArray {
  if (bytes.length === 0) throw idxError('empty-file', file, 'is empty');
  if (bytes.length < 4)
    throw idxError('truncated-file', file, `ends after ${bytes.length} bytes, in its header`);
  const [zero1, zero2, type, rank] = bytes as unknown as [number, number, number, number];
  if (zero1 !== 0 || zero2 !== 0 || type !== unsignedByte || rank < 1 || rank > 4) {
    const magic = [zero1, zero2, type, rank].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw idxError('wrong-magic', file, `begins with ${magic}: that is no IDX file of unsigned bytes`);
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw idxError('truncated-file', file, `ends after ${bytes.length} bytes, in its header`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({length: rank}, (_, dimension) => view.getUint32(4 + 4 * dimension));
  const expected = header + shape.reduce((size, side) => size * side, 1);
  if (bytes.length < expected) {
    throw idxError(
      'truncated-file',
      file,
      `has ${bytes.length} bytes of the ${expected} that its header announces`,
    );
  }
  if (bytes.length > expected) {
    throw idxError('trailing-bytes', file, `has ${bytes.length} bytes; its header announces ${expected}`);
  }
  return {shape, data: bytes.subarray(header)};
}

/** True for the first two bytes of a gzip file. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Unpacks a gzip file.
 *
 * @throws RegularizerError with code `bad-gzip`, for a file that is cut off or damaged
 */
export async function gunzip(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  try {
    const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const unpacked = packed.pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch (cause) {
    throw idxError('bad-gzip', file, 'cannot be unpacked: it is cut off or damaged', cause);
  }
}

function idxError(code: string, file: string, message: string, cause?: unknown): RegularizerError {
  return new RegularizerError({
    where: 'lab',
    code,
    message: `${file} ${message}`,
    hint: 'Fetch the file anew.',
    cause,
  });
}
