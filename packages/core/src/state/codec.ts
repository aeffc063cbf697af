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
  const header: Record<string, unknown> = {[metadataKey]: {[jsonKey]: JSON.stringify(json, toPlain)}};
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

/** JSON knows neither NaN nor infinities nor −0, which states and reports may hold. */
function toPlain(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return {$number: Object.is(value, -0) ? '-0' : String(value)};
}

function fromPlain(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && '$number' in value ? Number(value.$number) : value;
}

/**
 * Reads what {@link encodeBundle} wrote.
 *
 * @throws RegularizerError with code `bad-checkpoint` for bytes that are truncated or something else
 */
export function decodeBundle(bytes: Uint8Array): Bundle {
  const {header, body} = readHeader(bytes);
  const {[metadataKey]: metadata, ...entries} = header;
  const text = (metadata as Record<string, unknown> | undefined)?.[jsonKey];
  if (typeof text !== 'string') return refuseBytes('it was not written by this library');
  const tensors = Object.entries(entries).map(([name, entry]) => [name, readTensor(name, entry, body)]);
  return {json: parse(text, 'its description', fromPlain), tensors: Object.fromEntries(tensors)};
}

function readHeader(bytes: Uint8Array): {header: Record<string, unknown>; body: Uint8Array} {
  if (bytes.length < 8) return refuseBytes(`it holds ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) return refuseBytes('its header is cut off, or it is not a checkpoint');
  const header = parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)), 'its header');
  if (typeof header !== 'object' || header === null) return refuseBytes('its header is empty');
  return {header: header as Record<string, unknown>, body: bytes.subarray(8 + length)};
}

function readTensor(name: string, entry: unknown, body: Uint8Array): StoredTensor {
  if (!isEntry(entry)) return refuseBytes(`the tensor ${name} is not described`);
  const {
    dtype,
    shape,
    data_offsets: [start, end],
  } = entry;
  if (end > body.length) return refuseBytes(`it ends within the tensor ${name}`);
  const found = Object.entries(codes).find(([, code]) => code === dtype)?.[0] as StoredTensor['dtype'];
  if (found === undefined) return refuseBytes(`the tensor ${name} has the unknown type ${dtype}`);
  const size = shape.reduce((product, n) => product * n, found === 'bool' ? 1 : 4);
  if (end - start !== size) return refuseBytes(`the tensor ${name} has not the bytes of its shape`);
  // Copied, since a typed array needs its bytes on its own boundary; not by slice, which in Node's Buffer is a view.
  const {buffer} = new Uint8Array(body.subarray(start, end));
  const values = {float32: Float32Array, int32: Int32Array, bool: Uint8Array}[found];
  return {dtype: found, shape, values: new values(buffer)};
}

function isEntry(entry: unknown): entry is Entry {
  if (typeof entry !== 'object' || entry === null) return false;
  const {dtype, shape, data_offsets: offsets} = entry as Partial<Entry>;
  const isCount = (n: unknown): boolean => Number.isInteger(n) && Number(n) >= 0;
  return (
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isCount) &&
    offsets[0] <= offsets[1]
  );
}

function parse(text: string, what: string, revive?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, revive);
  } catch (cause) {
    return refuseBytes(`${what} is not JSON`, cause);
  }
}

/**
 * Says that a checkpoint is damaged.
 *
 * @throws RegularizerError always
 */
export function refuseBytes(what: string, cause?: unknown): never {
  throw new RegularizerError({
    where: 'checkpoint',
    code: 'bad-checkpoint',
    message: `the checkpoint cannot be read: ${what}`,
    ...(cause === undefined ? {} : {cause}),
  });
}
