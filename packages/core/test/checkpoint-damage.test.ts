// A checkpoint of which any byte is another than was written is refused, and so is one that was put together with the
// right checksum but is not what this library writes: with a typed error, and without spoiling anything.
import {type Checkpoint, decodeCheckpoint, encodeCheckpoint, RegularizerError} from '@regularizers/core';
import {isThorough} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {linear, withKnownWeights} from './support/models.ts';
import {average, keepBest} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

const digits = 64;
const prefix = '{"__metadata__":{"sha256":"';
const checksumAt = 8 + prefix.length;

/** As few bytes as there can be. */
const smallest = async (): Promise<Uint8Array> =>
  encodeCheckpoint(
    await trainerOf([], {model: withKnownWeights(linear(1, 1)), loss: 'meanSquaredError'}).save(),
  );

const trained = async () => {
  const trainer = trainerOf([keepBest(), average()], {seed: 3});
  await trainer.fit(classData(), {epochs: 1, batchSize: 5});
  return {trainer, bytes: encodeCheckpoint(await trainer.save())};
};

function codeOf(bytes: Uint8Array): string {
  try {
    decodeCheckpoint(bytes);
  } catch (error) {
    if (RegularizerError.isInstance(error)) return error.code;
    throw error;
  }
  return 'read';
}

/** SHA-256 by the platform, which this library does not use. */
async function platformChecksum(bytes: Uint8Array): Promise<string> {
  const zeroed = new Uint8Array(bytes).fill(0x30, checksumAt, checksumAt + digits);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', zeroed));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

test('the checksum is the SHA-256 of the file with zeros in its place', async () => {
  const {bytes} = await trained();
  const written = new TextDecoder().decode(bytes.subarray(checksumAt, checksumAt + digits));
  expect(written).toBe(await platformChecksum(bytes));
});

test('every bit of every byte counts', async () => {
  const bytes = await smallest();
  expect(codeOf(bytes)).toBe('read');
  const unnoticed: string[] = [];
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      bytes[at]! ^= 1 << bit;
      if (codeOf(bytes) !== 'bad-checkpoint') unnoticed.push(`bit ${bit} of byte ${at}`);
      bytes[at]! ^= 1 << bit;
    }
  }
  expect(unnoticed).toEqual([]);
});

test('every shorter file is refused, and every longer one', async () => {
  const bytes = await smallest();
  for (let end = 0; end < bytes.length; end++) expect(codeOf(bytes.subarray(0, end))).toBe('bad-checkpoint');
  for (const more of [1, 4, 8]) {
    const longer = new Uint8Array(bytes.length + more);
    longer.set(bytes);
    expect(codeOf(longer)).toBe('bad-checkpoint');
  }
});

test('a larger file with bytes changed, moved, put in or taken out anywhere is refused', async () => {
  const {bytes} = await trained();
  const at = fc.nat(bytes.length - 1);
  const damage = fc.oneof(
    fc.array(fc.tuple(at, fc.nat(255)), {minLength: 1, maxLength: 5}).map((changes) => {
      const damaged = bytes.slice();
      for (const [index, value] of changes) damaged[index] = value;
      return damaged;
    }),
    fc.tuple(at, at).map(([a, b]) => {
      const damaged = bytes.slice();
      [damaged[a], damaged[b]] = [damaged[b]!, damaged[a]!];
      return damaged;
    }),
    fc
      .tuple(at, fc.uint8Array({minLength: 1, maxLength: 9}))
      .map(([a, more]) => Uint8Array.from([...bytes.subarray(0, a), ...more, ...bytes.subarray(a)])),
    fc
      .tuple(at, fc.integer({min: 1, max: 9}))
      .map(([a, less]) => Uint8Array.from([...bytes.subarray(0, a), ...bytes.subarray(a + less)])),
    at.map((end) => bytes.slice(0, end)),
  );
  fc.assert(
    fc.property(damage, (damaged) => {
      fc.pre(damaged.length !== bytes.length || damaged.some((byte, index) => byte !== bytes[index]));
      expect(codeOf(damaged)).toBe('bad-checkpoint');
    }),
    {numRuns: isThorough ? 50_000 : 1000, seed: 2},
  );
});

/** A file of any header and body, with the right checksum. */
async function sealed(entries: Readonly<Record<string, unknown>>, json: unknown, body: Uint8Array) {
  const header = {__metadata__: {sha256: '0'.repeat(digits), regularizers: JSON.stringify(json)}, ...entries};
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  bytes.set(new TextEncoder().encode(await platformChecksum(bytes)), checksumAt);
  return bytes;
}

/** A file taken apart. */
function opened(bytes: Uint8Array) {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const {__metadata__: metadata, ...entries} = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, 8 + length)),
  );
  return {entries, json: JSON.parse(metadata.regularizers), body: bytes.slice(8 + length)};
}

const floats = (start: number, end: number, shape: readonly unknown[] = [(end - start) / 4]) => ({
  dtype: 'F32',
  shape,
  data_offsets: [start, end],
});

for (const [what, entries, message] of [
  ['a tensor that lies on another', {a: floats(0, 16), b: floats(0, 16)}, /b begins at byte 0 and not at 16/],
  ['one that overlaps it', {a: floats(0, 12), b: floats(8, 16)}, /b begins at byte 8 and not at 12/],
  ['bytes between tensors', {a: floats(0, 4), b: floats(8, 16)}, /b begins at byte 8 and not at 4/],
  ['bytes before them', {a: floats(4, 16)}, /a begins at byte 4 and not at 0/],
  ['bytes after them', {a: floats(0, 12)}, /4 bytes follow its last tensor/],
  ['a tensor that ends outside', {a: floats(0, 20)}, /ends within the tensor a/],
  ['a shape of other bytes', {a: floats(0, 16, [2])}, /a has not the bytes of its shape/],
  ['a shape that nobody has memory for', {a: floats(0, 16, [1e300])}, /a is not described/],
  ['a negative shape', {a: floats(0, 16, [-2, -2])}, /a is not described/],
  ['an unknown type', {a: {...floats(0, 16), dtype: 'F8'}}, /unknown type F8/],
  ['no description', {a: null}, /a is not described/],
] as const) {
  test(`with the right checksum, ${what} is refused`, async () => {
    const {json} = opened((await trained()).bytes);
    const bytes = await sealed(entries, json, new Uint8Array(16));
    expect(() => decodeCheckpoint(bytes)).toThrow(message);
    expect(codeOf(bytes)).toBe('bad-checkpoint');
  });
}

test('a file of a version that wrote no checksum is refused, and says so', () => {
  const text = new TextEncoder().encode('{"__metadata__":{"regularizers":"{}"}}');
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  expect(() => decodeCheckpoint(bytes)).toThrow(/it has no checksum/);
});

test('a later format is refused by its number', async () => {
  const {entries, json, body} = opened((await trained()).bytes);
  const later = await sealed(entries, {...json, format: 3}, body);
  expect(() => decodeCheckpoint(later)).toThrow('it has the format 3, but this version reads format 2');
});

/** Puts something else in the place of one part of a JSON tree, or takes it out. */
function replaced(tree: unknown, path: readonly number[], value: unknown): unknown {
  if (typeof tree !== 'object' || tree === null) return value;
  const keys = Object.keys(tree);
  const [first = 0, ...rest] = path;
  if (keys.length === 0 || path.length === 0) return value;
  const key = keys[first % keys.length]!;
  const copy: Record<string, unknown> = Array.isArray(tree) ? ([...tree] as never) : {...tree};
  const next = replaced(copy[key], rest, value);
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return copy;
}

test('with the right checksum, any part that is something else is taken over whole or refused, and spoils nothing', async () => {
  const {trainer, bytes} = await trained();
  const {entries, json, body} = opened(bytes);
  const {x} = classData();
  const prediction = (trainer.predict(x) as tf.Tensor).dataSync();
  const before = tf.memory().numTensors;
  const junk = fc.oneof(
    fc.constantFrom<unknown>(undefined, null, true, 0, -1, 1.5, 1e300, '', 'x', [], {}, [[]], {a: {}}),
    fc.constantFrom(...Object.keys(entries)).map(($tensor) => ({$tensor})),
    fc.constant({$tensor: 'nowhere'}),
    fc.jsonValue(),
  );
  const path = fc.array(fc.nat(30), {minLength: 1, maxLength: 7});
  await fc.assert(
    fc.asyncProperty(path, junk, async (where, value) => {
      const damaged = await sealed(entries, replaced(json, where, value), body);
      try {
        await trainer.restore(decodeCheckpoint(damaged));
        await trainer.restore(decodeCheckpoint(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(RegularizerError);
        expect(['bad-checkpoint', 'checkpoint-mismatch']).toContain((error as RegularizerError).code);
      }
    }),
    {numRuns: isThorough ? 20_000 : 500, seed: 3},
  );
  await trainer.restore(decodeCheckpoint(bytes));
  expect(tf.memory().numTensors).toBe(before);
  expect((trainer.predict(x) as tf.Tensor).dataSync()).toEqual(prediction);
});

/** The same checkpoint with another state of a plugin. */
function withPluginState(
  checkpoint: Checkpoint,
  plugin: string,
  change: (state: never) => unknown,
): Checkpoint {
  const [member] = checkpoint.members;
  const state = structuredClone(member!.state) as {plugins: Record<string, never>};
  state.plugins[plugin] = change(state.plugins[plugin] as never) as never;
  return {...checkpoint, members: [{...member!, state}]};
}

type Best = {best: number; waited: number};
type Mean = {mean: Record<string, {$tensor: string}>; steps: number};

for (const [what, plugin, change, message] of [
  [
    'a number that is a text',
    'keep-best',
    (state: Best) => ({...state, best: 'low'}),
    /it holds at plugins\/keep-best\/best a string, where a number belongs/,
  ],
  [
    'a number that is null',
    'keep-best',
    (state: Best) => ({...state, best: null}),
    /at plugins\/keep-best\/best null, where a number belongs/,
  ],
  ['a key too few', 'keep-best', ({best}: Best) => ({best}), /it lacks plugins\/keep-best\/waited, a number/],
  [
    'a key too many',
    'keep-best',
    (state: Best) => ({...state, more: 1}),
    /it holds plugins\/keep-best\/more, for which there is no place/,
  ],
  ['nothing', 'keep-best', () => null, /at plugins\/keep-best null, where a record belongs/],
  ['a list', 'keep-best', () => [], /at plugins\/keep-best a list of 0, where a record belongs/],
  [
    'a tensor of another shape',
    'average',
    ({mean, steps}: Mean) => ({steps, mean: {...mean, 'hidden/kernel': mean['hidden/bias']}}),
    /at plugins\/average\/mean\/hidden\/kernel a float32 tensor \[5\], where a float32 tensor \[4, 5\] belongs/,
  ],
  [
    'a tensor too few',
    'average',
    ({mean: {'hidden/kernel': _, ...mean}, steps}: Mean) => ({steps, mean}),
    /it lacks plugins\/average\/mean\/hidden\/kernel/,
  ],
  [
    'a tensor where a number belongs',
    'average',
    ({mean}: Mean) => ({mean, steps: mean['hidden/bias']}),
    /at plugins\/average\/steps a float32 tensor \[5\], where a number belongs/,
  ],
  [
    'a number where a tensor belongs',
    'average',
    ({mean, steps}: Mean) => ({steps, mean: {...mean, 'hidden/bias': 5}}),
    /at plugins\/average\/mean\/hidden\/bias a number, where a float32 tensor \[5\] belongs/,
  ],
  [
    'a record where a tensor belongs',
    'average',
    ({mean, steps}: Mean) => ({steps, mean: {...mean, 'hidden/bias': {}}}),
    /at plugins\/average\/mean\/hidden\/bias a record, where a float32 tensor \[5\] belongs/,
  ],
] as const) {
  test(`a plugin's state with ${what} is refused before any tensor is made`, async () => {
    const {trainer} = await trained();
    const checkpoint = withPluginState(await trainer.save(), plugin, change as (state: never) => unknown);
    const before = tf.memory();
    const error = await errorOf(() => trainer.restore(checkpoint));
    expect(error).toMatchObject({code: 'checkpoint-mismatch', message: expect.stringMatching(message)});
    expect(tf.memory().numTensors).toBe(before.numTensors);
  });
}
