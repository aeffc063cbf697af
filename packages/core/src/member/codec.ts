import {sha256} from '@noble/hashes/sha2.js';
import {bytesToHex} from '@noble/hashes/utils.js';
import {RegularizerError} from '../lib/errors.ts';
import {memberOf} from '../lib/given.ts';
import {isPlainObject} from '../lib/json.ts';
import {notPlain, numberKey} from './plain.ts';

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
const arrays = {float32: Float32Array, int32: Int32Array, bool: Uint8Array} as const;
const metadataKey = '__metadata__';
const jsonKey = 'regularizers';
const checksumKey = 'sha256';
const noChecksum = '0'.repeat(64);
/** How every header begins, so that the checksum is always at the same place. */
const opening = `{"${metadataKey}":{"${checksumKey}":"`;
const checksumAt = 8 + opening.length;
const headerAlignment = 8;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Writes a bundle as one file in the safetensors layout (https://github.com/huggingface/safetensors#format): an
 * 8-byte length, a JSON header, then the tensors' bytes. Other tools can read the tensors. The header holds the
 * SHA-256 of the whole file, taken with zeros in the checksum's own place.
 *
 * @throws RegularizerError with code `bad-checkpoint` for what {@link decodeBundle} would not give back
 */
export function encodeBundle({json, tensors}: Bundle): Uint8Array {
  const problem = notPlain(json);
  if (problem !== undefined) refuseBytes(`it ${problem}`);
  if (!isPlainObject(tensors)) refuseBytes('its tensors are no plain record');
  if (Object.hasOwn(tensors, metadataKey)) refuseBytes(`no tensor may be called ${metadataKey}`);
  const metadata = {[checksumKey]: noChecksum, [jsonKey]: JSON.stringify(json, toPlain)};
  const parts = [`${JSON.stringify(metadataKey)}:${JSON.stringify(metadata)}`];
  let end = 0;
  for (const [name, {dtype, shape, values}] of Object.entries(tensors)) {
    const entry = {dtype: codes[dtype], shape, data_offsets: [end, end + values.byteLength]};
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    end += values.byteLength;
  }
  const text = new TextEncoder().encode(`{${parts.join(',')}}`);
  // Padded with spaces, so that the tensors start on a boundary.
  const length = Math.ceil(text.length / headerAlignment) * headerAlignment;
  const bytes = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  let at = 8 + length;
  for (const {values} of Object.values(tensors)) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  bytes.set(new TextEncoder().encode(checksumOf(bytes)), checksumAt);
  return bytes;
}

/** SHA-256 in hexadecimal digits, as if the place of the checksum held zeros. */
function checksumOf(bytes: Uint8Array): string {
  const hash = sha256
    .create()
    .update(bytes.subarray(0, checksumAt))
    .update(new TextEncoder().encode(noChecksum))
    .update(bytes.subarray(checksumAt + noChecksum.length));
  return bytesToHex(hash.digest());
}

/** JSON knows neither NaN nor infinities nor −0, which states and reports may hold. */
function toPlain(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return {[numberKey]: Object.is(value, -0) ? '-0' : String(value)};
}

function fromPlain(_key: string, value: unknown): unknown {
  const isNumber = typeof value === 'object' && value !== null && Object.hasOwn(value, numberKey);
  return isNumber ? Number(Reflect.get(value, numberKey)) : value;
}

/**
 * Reads what {@link encodeBundle} wrote, to the byte.
 *
 * @throws RegularizerError with code `bad-checkpoint` for bytes that are truncated, changed or something else
 */
export function decodeBundle(bytes: Uint8Array): Bundle {
  const {text, body} = split(bytes);
  checkChecksum(bytes, text);
  const header = parse(text, 'its header');
  if (!isPlainObject(header)) return refuseBytes('its header is empty');
  const {[metadataKey]: metadata, ...entries} = header;
  const description = memberOf(metadata, jsonKey);
  if (typeof description !== 'string') return refuseBytes('it was not written by this library');
  const tensors = readTensors(entries, body);
  return {json: parse(description, 'its description', fromPlain), tensors};
}

function split(bytes: Uint8Array): {readonly text: string; readonly body: Uint8Array} {
  if (bytes.length < 8) return refuseBytes(`it holds ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) return refuseBytes('its header is cut off, or it is not a checkpoint');
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  return {text, body: bytes.subarray(8 + length)};
}

function checkChecksum(bytes: Uint8Array, text: string): void {
  if (!text.startsWith(opening)) {
    refuseBytes('it has no checksum where this library, since format 2, writes one');
  }
  if (text.slice(opening.length, opening.length + noChecksum.length) !== checksumOf(bytes)) {
    refuseBytes('its checksum is not that of its bytes, so it was changed or cut off since it was written');
  }
}

/** The tensors, each of which begins where the one before ends: no byte is read twice, none is left over. */
function readTensors(entries: Readonly<Record<string, unknown>>, body: Uint8Array): Bundle['tensors'] {
  let at = 0;
  const read = (name: string, entry: unknown): StoredTensor => {
    if (!isEntry(entry)) return refuseBytes(`the tensor ${name} is not described`);
    const {
      dtype,
      shape,
      data_offsets: [start, end],
    } = entry;
    if (start !== at) refuseBytes(`the tensor ${name} begins at byte ${start} and not at ${at}`);
    if (end > body.length) refuseBytes(`it ends within the tensor ${name}`);
    at = end;
    return readTensor(name, dtype, shape, body.subarray(start, end));
  };
  const tensors = Object.entries(entries).map(([name, entry]) => [name, read(name, entry)] as const);
  if (at !== body.length) refuseBytes(`${body.length - at} bytes follow its last tensor`);
  return Object.fromEntries(tensors);
}

function readTensor(name: string, code: string, shape: readonly number[], content: Uint8Array): StoredTensor {
  const dtype = Object.entries(codes).find((entry) => entry[1] === code)?.[0] as StoredTensor['dtype'];
  if (dtype === undefined) return refuseBytes(`the tensor ${name} has the unknown type ${code}`);
  if (content.length !== sizeOf(shape) * arrays[dtype].BYTES_PER_ELEMENT) {
    refuseBytes(`the tensor ${name} has not the bytes of its shape`);
  }
  // Copied, since a typed array needs its bytes on its own boundary; not by slice, which in Node's Buffer is a view.
  const {buffer} = new Uint8Array(content);
  return {dtype, shape, values: new arrays[dtype](buffer)};
}

/** True for a tensor on the host whose values are those of its type and shape. */
export function isStoredTensor(value: unknown): value is StoredTensor {
  if (typeof value !== 'object' || value === null) return false;
  const {dtype, shape, values} = value as Partial<StoredTensor>;
  return (
    typeof dtype === 'string' &&
    Object.hasOwn(arrays, dtype) &&
    isShape(shape) &&
    values instanceof arrays[dtype] &&
    values.length === sizeOf(shape)
  );
}

function isEntry(entry: unknown): entry is Entry {
  if (typeof entry !== 'object' || entry === null) return false;
  const {dtype, shape, data_offsets: offsets} = entry as Partial<Entry>;
  return (
    typeof dtype === 'string' &&
    isShape(shape) &&
    isShape(offsets) &&
    offsets.length === 2 &&
    offsets[0] <= offsets[1]
  );
}

/** True for a list of whole numbers of at least 0. */
export function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

function parse(text: string, what: string, revive?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, revive);
  } catch (cause) {
    return refuseBytes(`${what} is not JSON`, cause);
  }
}

/**
 * Says that a checkpoint is not whole.
 *
 * @throws RegularizerError always
 */
export function refuseBytes(what: string, cause?: unknown): never {
  throw new RegularizerError({
    where: 'checkpoint',
    code: 'bad-checkpoint',
    message: `the checkpoint cannot be used: ${what}`,
    ...(cause === undefined ? {} : {cause}),
  });
}
