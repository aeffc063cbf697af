// Whatever is made bytes of comes back the same; all else is refused with a typed error that says what to give instead.
import {type Checkpoint, decodeCheckpoint, encodeCheckpoint, RegularizerError} from '@regularizers/core';
import {isThorough} from '@regularizers/testing';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {specialValues} from './support/garbage.ts';
import {average, keepBest} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

const trained = async () => {
  const trainer = trainerOf([keepBest(), average()]);
  await trainer.fit(classData(), {epochs: 1});
  return {trainer, checkpoint: await trainer.save()};
};

/** Comes back, or is refused: which of them. */
function outcomeOf(checkpoint: unknown): 'back' | 'refused' {
  let bytes: Uint8Array;
  try {
    bytes = encodeCheckpoint(checkpoint as Checkpoint);
  } catch (error) {
    expect(error).toSatisfy(RegularizerError.isInstance);
    return 'refused';
  }
  expect(decodeCheckpoint(bytes)).toEqual(checkpoint);
  return 'back';
}

const keys = fc.oneof(
  fc.constantFrom(
    'a',
    '0',
    '7',
    '__proto__',
    '__metadata__',
    '$number',
    '$tensor',
    'toJSON',
    'constructor',
    '',
  ),
  fc.string({unit: 'binary'}),
);
const leaves = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324, '\ud800', '\0'),
  fc.double(),
  fc.string({unit: 'binary'}),
);
const odd = fc.constantFrom<unknown>(
  undefined,
  7n,
  Symbol.iterator,
  () => 1,
  new Date(0),
  new Map(),
  new Float32Array(2),
  // biome-ignore lint/suspicious/noSparseArray: what JSON fills
  [1, , 2],
  Object.assign([1], {more: 2}),
  {toJSON: () => 1},
  {[Symbol.iterator]: 1},
);

/** Records of any keys, of their own also where they are called `__proto__`. */
const recordsOf = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Record<string, unknown>> =>
  fc.array(fc.tuple(keys, values), {maxLength: 4}).map((entries) => Object.fromEntries(entries));

const treesOf = (leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.letrec((tie) => ({
    tree: fc.oneof({depthSize: 'small'}, leaf, fc.array(tie('tree'), {maxLength: 3}), recordsOf(tie('tree'))),
  })).tree;

const arrays = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
  float64: Float64Array,
  uint8: Uint8ClampedArray,
};
type Kind = keyof typeof arrays;
const kinds = fc.constantFrom<Kind>(
  'float32',
  'int32',
  'bool',
  'float32',
  'int32',
  'bool',
  'float64',
  'uint8',
);

const tensors = fc
  .tuple(kinds, fc.option(kinds, {freq: 8}), fc.array(fc.nat(3), {maxLength: 3}), fc.boolean(), fc.nat(255))
  .map(([dtype, other, shape, isWhole, fill]) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = new arrays[other ?? dtype](isWhole || size > 0 ? size : size + 1).fill(fill);
    return {dtype, shape, values};
  });

test('whatever is made bytes of comes back the same', async () => {
  const {checkpoint} = await trained();
  const [member] = checkpoint.members;
  const states = fc.oneof(
    {weight: 3, arbitrary: recordsOf(treesOf(leaves))},
    {
      weight: 1,
      arbitrary: recordsOf(treesOf(fc.oneof({weight: 9, arbitrary: leaves}, {weight: 1, arbitrary: odd}))),
    },
  );
  const checkpoints = fc.record({
    state: states,
    tensors: fc.array(fc.tuple(keys, tensors), {maxLength: 3}),
    seed: fc.oneof(fc.integer(), fc.constant(-0)),
    plugins: fc.array(fc.string({unit: 'binary'}), {maxLength: 2}),
  });
  const counts = {back: 0, refused: 0};
  fc.assert(
    fc.property(checkpoints, ({state, tensors: named, ...rest}) => {
      const one = {...checkpoint, ...rest, tensors: Object.fromEntries(named), members: [{...member, state}]};
      counts[outcomeOf(one)] += 1;
    }),
    {numRuns: isThorough ? 20_000 : 1000, seed: 4},
  );
  expect(Math.min(counts.back, counts.refused)).toBeGreaterThan(100);
});

test('a part of any checkpoint that is something else comes back too, or is refused', async () => {
  const {checkpoint} = await trained();
  for (const key of Object.keys(checkpoint)) {
    for (const [, make] of specialValues) outcomeOf({...checkpoint, [key]: make()});
  }
  for (const key of Object.keys(checkpoint.members[0]!)) {
    for (const [, make] of specialValues) {
      outcomeOf({...checkpoint, members: [{...checkpoint.members[0], [key]: make()}]});
    }
  }
});

test.each([
  ['no parts', {tensors: {}}, 'not-a-checkpoint', /received {"tensors":{}}/],
  ['nothing', undefined, 'not-a-checkpoint', /received undefined/],
  ['a promise', Promise.resolve(), 'not-a-checkpoint', /received a Promise\n {2}Await it first\./],
  [
    'a path',
    'run.safetensors',
    'not-a-checkpoint',
    /received "run\.safetensors"\n {2}Read the file by loadCheckpoint/,
  ],
  ['bytes', new Uint8Array(9), 'not-a-checkpoint', /\n {2}Decode the bytes first, by decodeCheckpoint\./],
  ['another format', {format: 3}, 'bad-checkpoint', /it has the format 3/],
])(
  '%s in the place of a checkpoint is refused, to encode and to restore',
  async (_, value, code, message) => {
    const {trainer} = await trained();
    const expected = {code, message: expect.stringMatching(message)};
    expect(await errorOf(() => encodeCheckpoint(value as never))).toMatchObject(expected);
    expect(await errorOf(() => trainer.restore(value as never))).toMatchObject(expected);
  },
);

test('a trainer in the place of a checkpoint is refused, with what to give', async () => {
  const {trainer} = await trained();
  const expected = {
    code: 'not-a-checkpoint',
    hint: 'Pass what its save() resolves to: await trainer.save().',
  };
  expect(await errorOf(() => encodeCheckpoint(trainer as never))).toMatchObject(expected);
  expect(await errorOf(() => trainer.restore(trainer as never))).toMatchObject(expected);
});

test('float64 values are refused by the name of their tensor', async () => {
  const {checkpoint} = await trained();
  const values = new Float64Array(2);
  const odd = {...checkpoint, tensors: {mine: {dtype: 'float32', shape: [2], values}}} as never;
  expect(() => encodeCheckpoint(odd)).toThrow(/the tensor mine is not one of float32, int32 or bool/);
});

test('what is circular, or too deep, is refused', async () => {
  const {checkpoint} = await trained();
  const [member] = checkpoint.members;
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const deep = Array.from({length: 20_000}).reduce<unknown>((inner) => [inner], 1);
  for (const part of [circular, deep]) {
    const odd = {...checkpoint, members: [{...member!, state: {part}}]};
    expect(await errorOf(() => encodeCheckpoint(odd))).toMatchObject({
      code: 'bad-checkpoint',
      message: expect.stringContaining('is nested deeper than 200 levels, or is a part of itself'),
    });
  }
});

test('bytes are taken as a view or a buffer, and nothing else is', async () => {
  const {checkpoint} = await trained();
  const bytes = encodeCheckpoint(checkpoint);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  for (const given of [bytes, buffer, new DataView(buffer), new Int8Array(buffer)]) {
    expect(decodeCheckpoint(given as ArrayBuffer)).toEqual(checkpoint);
  }
  for (const [value, hint] of [
    ['run.safetensors', /loadCheckpoint/],
    [Promise.resolve(bytes), /Await it first/],
    [new Blob([buffer]), /its arrayBuffer\(\)/],
  ] as const) {
    expect(await errorOf(() => decodeCheckpoint(value as never))).toMatchObject({
      code: 'not-bytes',
      hint: expect.stringMatching(hint),
    });
  }
  for (const [, make] of specialValues) {
    expect(await errorOf(() => decodeCheckpoint(make() as never))).toSatisfy(RegularizerError.isInstance);
  }
});
