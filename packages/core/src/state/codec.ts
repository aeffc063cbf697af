import {RegularizerError} from '../errors.ts';

/** A tensor's values on the host. */
export interface StoredTensor {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** JSON beside tensors by name. */
export interface Bundle {
  readonly json: unknown;
  readonly tensors: Readonly<Record<string, StoredTensor>>;
}

const codes = {float32: 'F32', int32: 'I32', bool: 'BOOL'} as const;
const metadataKey = '__metadata__';
const jsonKey = 'regularizers';

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Writes a bundle as one file in the safetensors layout (https://github.com/huggingface/safetensors#format): an
 * 8-byte length, a JSON header, then the tensors' bytes. Other tools can read the tensors.
 */
export function encodeBundle({json, tensors}: Bundle): Uint8Array {
  const header: Record<string, unknown> = {[metadataKey]: {[jsonKey]: JSON.stringify(json)}};
  let end = 0;
  for (const [name, {dtype, shape, values}] of Object.entries(tensors)) {
    header[name] = {dtype: codes[dtype], shape, data_offsets: [end, end + values.byteLength]};
    end += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces, so that the tensors start on an 8-byte boundary.
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  let at = 8 + length;
  for (const {values} of Object.values(tensors)) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/**
 * Reads what {@link encodeBundle} wrote.
 *
 * @throws RegularizerError with code `bad-checkpoint` for bytes that are truncated or something else
 */
export function decodeBundle(bytes: Uint8Array): Bundle {
  const {header, body} = readHeader(bytes);
  const {[metadataKey]: metadata, ...entries} = header;
  const tensors = Object.entries(entries).map(([name, entry]) => [
    name,
    readTensor(name, entry as Entry, body),
  ]);
  const text = (metadata as Record<string, string> | undefined)?.[jsonKey];
  if (text === undefined) return refuse('it was not written by this library');
  return {json: JSON.parse(text), tensors: Object.fromEntries(tensors)};
}

function readHeader(bytes: Uint8Array): {header: Record<string, unknown>; body: Uint8Array} {
  if (bytes.length < 8) return refuse(`it holds ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) return refuse('its header is cut off, or it is not a checkpoint');
  try {
    const header: Record<string, unknown> = JSON.parse(
      new TextDecoder().decode(bytes.subarray(8, 8 + length)),
    );
    return {header, body: bytes.subarray(8 + length)};
  } catch (cause) {
    return refuse('its header is not JSON', cause);
  }
}

function readTensor(
  name: string,
  {dtype, shape, data_offsets: [start, end]}: Entry,
  body: Uint8Array,
): StoredTensor {
  if (end > body.length) return refuse(`it ends within the tensor ${name}`);
  // Copied: a typed array needs its bytes on its own boundary.
  const buffer = body.slice(start, end).buffer;
  if (dtype === 'F32') return {dtype: 'float32', shape, values: new Float32Array(buffer)};
  if (dtype === 'I32') return {dtype: 'int32', shape, values: new Int32Array(buffer)};
  if (dtype === 'BOOL') return {dtype: 'bool', shape, values: new Uint8Array(buffer)};
  return refuse(`the tensor ${name} has the unknown type ${dtype}`);
}

function refuse(what: string, cause?: unknown): never {
  throw new RegularizerError({
    where: 'checkpoint',
    code: 'bad-checkpoint',
    message: `the checkpoint cannot be read: ${what}`,
    ...(cause === undefined ? {} : {cause}),
  });
}
