// A checkpoint that is damaged, or of another trainer, is refused with a typed error and changes nothing.
import {
  adam,
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  momentum,
  type Regularizer,
  type Setup,
  type Trainer,
  type TrainerOptions,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {linear, normalizedMlp} from './support/models.ts';
import {average, keepBest, several, squares} from './support/plugins.ts';
import {classData, errorOf, trainerOf} from './support/trainers.ts';

const options = {optimizer: adam(), seed: 3} satisfies Partial<TrainerOptions>;

async function saved(trainer: Trainer = trainerOf([keepBest(), average()], options)): Promise<Checkpoint> {
  await trainer.fit(classData(), {epochs: 1, batchSize: 5});
  return trainer.save();
}

test('bytes hold everything, and tensors that other tools can read', async () => {
  const checkpoint = await saved();
  const bytes = encodeCheckpoint(checkpoint);
  expect(decodeCheckpoint(bytes)).toEqual(checkpoint);
  // Also within a larger buffer, off any boundary.
  const larger = new Uint8Array(bytes.length + 3);
  larger.set(bytes, 3);
  expect(decodeCheckpoint(larger.subarray(3))).toEqual(checkpoint);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  expect(header['0/state/weights/hidden/kernel']).toMatchObject({dtype: 'F32', shape: [4, 5]});
});

test('bytes whose slice is a view, as that of a Node Buffer is, are read too', async () => {
  class Viewing extends Uint8Array {
    override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
      return this.subarray(start, end) as Uint8Array<ArrayBuffer>;
    }
  }
  const checkpoint = await saved();
  const bytes = encodeCheckpoint(checkpoint);
  const viewing = new Viewing(new ArrayBuffer(bytes.length));
  viewing.set(bytes);
  expect(decodeCheckpoint(viewing)).toEqual(checkpoint);
});

test('it is of the moment when it was asked for, whoever waits for it', async () => {
  const at = async (isAwaited: boolean): Promise<Checkpoint> => {
    const trainer = trainerOf([keepBest(), average()], options);
    const asked: Promise<Checkpoint>[] = [];
    await trainer.fit(classData(), {
      epochs: 2,
      batchSize: 5,
      async onStep({step}) {
        if (step !== 2) return;
        asked.push(trainer.save());
        if (isAwaited) await asked[0];
      },
    });
    return asked[0]!;
  };
  expect(await at(false)).toEqual(await at(true));
});

test('numbers that JSON does not know come back', async () => {
  const trainer = trainerOf([keepBest()]);
  // Before the first epoch the best loss is Infinity.
  const checkpoint = decodeCheckpoint(encodeCheckpoint(await trainer.save()));
  expect(checkpoint.members[0]?.state).toMatchObject({
    plugins: {'keep-best': {best: Number.POSITIVE_INFINITY, waited: 0}},
  });
  const odd = {...checkpoint, members: [{...checkpoint.members[0]!, marks: {}, stopped: undefined}]};
  const position = {epoch: 0, batch: 0, step: 0, counted: 0, decided: 0};
  const row = {
    epoch: 1,
    member: 0,
    step: 1,
    train: {loss: Number.NaN, penalty: -0, objective: 1},
    seconds: 0,
  };
  const member = {...odd.members[0]!, position, history: [row]};
  expect(decodeCheckpoint(encodeCheckpoint({...odd, members: [member]})).members[0]?.history).toEqual([row]);
});

for (const [what, bytes] of Object.entries({
  nothing: new Uint8Array(0),
  text: new TextEncoder().encode('{"this": "is no checkpoint, but it is long enough"}'),
  'an empty header': new Uint8Array(8),
  'a file of another library': new TextEncoder().encode('\u0002\0\0\0\0\0\0\0{}'),
})) {
  test(`${what} is refused`, () => {
    expect(() => decodeCheckpoint(bytes)).toThrow(/\[checkpoint\] the checkpoint cannot be used/);
  });
}

const others: Readonly<Record<string, [() => Trainer, RegExp]>> = {
  'another model': [
    () => trainerOf([keepBest(), average()], {...options, model: linear(4, 3)}),
    /it holds 4 weights, but the model and its plugins have 1/,
  ],
  'a model of other shapes': [
    () => trainerOf([keepBest(), average()], {...options, model: normalizedMlp()}),
    /weights/,
  ],
  'other plugins': [
    () => trainerOf([keepBest()], options),
    /saved with the plugins keep-best, average, but this trainer has keep-best/,
  ],
  'another seed': [
    () => trainerOf([keepBest(), average()], {...options, seed: 4}),
    /its seed is 3, but this trainer's is 4/,
  ],
  'another optimizer': [
    () => trainerOf([keepBest(), average()], {...options, optimizer: momentum()}),
    /it lacks optimizer/,
  ],
  'other metrics': [
    () => trainerOf([keepBest(), average()], {...options, metrics: ['accuracy']}),
    /it holds at totals a float32 tensor \[2\], where a float32 tensor \[3\] belongs/,
  ],
};

for (const [what, [make, message]] of Object.entries(others)) {
  test(`a checkpoint of ${what} is refused, and the trainer is as it was`, async () => {
    const checkpoint = await saved();
    const trainer = make();
    const data = trainer.predict(classData().x);
    const before = tf.memory().numTensors;
    const error = await errorOf(() => trainer.restore(checkpoint));
    expect(error).toMatchObject({
      code: 'checkpoint-mismatch',
      where: 'checkpoint',
      message: expect.stringMatching(message),
    });
    expect(tf.memory().numTensors).toBe(before);
    const after = trainer.predict(classData().x);
    if ('dataSync' in data && 'dataSync' in after) expect(after.dataSync()).toEqual(data.dataSync());
  });
}

test('more members than there are to train are refused', async () => {
  const three = trainerOf([several(3)]);
  await three.fit(classData(), {epochs: 1});
  const two = trainerOf([several(2)]);
  const error = await errorOf(async () => two.restore(await three.save()));
  expect(error).toMatchObject({code: 'checkpoint-mismatch', message: expect.stringContaining('3 members')});
});

test('a plugin that does nothing any more is noticed', async () => {
  const idle = {...squares(0), setup: () => ({idle: true})};
  const trainer = trainerOf([squares(0.1)]);
  const error = await errorOf(async () => trainerOf([idle]).restore(await trainer.save()));
  expect(error).toMatchObject({code: 'checkpoint-mismatch', message: expect.stringContaining('squares')});
});

/** Keeps what it saw last, and a list of all; `later` says so. */
type Collected = {last: number | null; seen: readonly {kernel: tf.Tensor}[]};
const collector = (later?: Setup['later']): Regularizer<'collector', undefined, Collected> => ({
  name: 'collector',
  setup: () => ({state: {last: null, seen: []}, ...(later ? {later} : {})}),
  epochEnd: ({train}, {state: {seen}, weights}) => ({
    state: {last: train.loss, seen: [...seen, {kernel: weights['hidden/kernel']!}]},
  }),
});

test('a state that grows is saved and restored where setup says what comes', async () => {
  const later = {last: 0, seen: {kernel: tf.zeros([4, 5])}};
  const checkpoint = await saved(trainerOf([collector(later)]));
  const other = trainerOf([collector(later)]);
  await other.restore(checkpoint);
  expect(await other.save()).toEqual(checkpoint);
  const narrow = trainerOf([collector({...later, seen: {kernel: tf.zeros([4, 4])}})]);
  expect(await errorOf(() => narrow.restore(checkpoint))).toMatchObject({
    code: 'checkpoint-mismatch',
    message: expect.stringContaining('at plugins/collector/seen/0/kernel a float32 tensor [4, 5], where'),
  });
});

test('a state that could not be restored is refused when it is given', async () => {
  expect(await errorOf(() => saved(trainerOf([collector()])))).toMatchObject({
    code: 'bad-answer',
    message: expect.stringMatching(
      /epochEnd .*state holds at last a number, where null belongs.* later of the setup/,
    ),
  });
});

test('what comes later where the state has no place for it is refused', () => {
  expect(() => trainerOf([collector({lst: 0})])).toThrow(/\[collector\] its setup .* comes later at "lst"/);
});

test('a mark of a plugin that is not there is refused', async () => {
  const checkpoint = await saved();
  const [member] = checkpoint.members;
  const marks = {nobody: member!.marks['keep-best']!};
  const error = await errorOf(() =>
    trainerOf([keepBest(), average()], options).restore({...checkpoint, members: [{...member!, marks}]}),
  );
  expect(error).toMatchObject({code: 'checkpoint-mismatch', message: expect.stringContaining('nobody')});
});

test('saving during training disturbs nothing, and what was saved does not change', async () => {
  const trainer = trainerOf([average()], options);
  const pending: Promise<Checkpoint>[] = [];
  await trainer.fit(classData(), {epochs: 2, batchSize: 5, onStep: () => void pending.push(trainer.save())});
  const checkpoints = await Promise.all(pending);
  expect(checkpoints.map(({members}) => members[0]?.position.step)).toEqual([1, 2, 3, 4]);
  const kernels = checkpoints.map(({tensors}) => tensors['0/state/weights/hidden/kernel']?.values[0]);
  expect(new Set(kernels).size).toBe(4);
});
