import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {diagnoseWith} from '../src/doctor.ts';
import {
  executeOp,
  NativeError,
  nativeBackend,
  registerNative,
  setupNative,
  tfjsNode,
  typeAttribute,
} from '../src/index.ts';
import {progressWriter} from '../src/progress.ts';
import {polyfillUtil, utilWithRemoved} from '../src/util-shim.ts';
import {fakeMachine} from './fake-tools.ts';

test('registering again changes nothing', async () => {
  const kernels = tf.getKernelsForBackend('tensorflow').length;
  const backend = nativeBackend();
  const info = await registerNative();
  expect(info.tensorflowVersion).toBe(backend.binding.TF_Version);
  expect(['existing', 'stock', 'wheel']).toContain(info.source);
  expect(await registerNative()).toBe(info);
  expect(nativeBackend()).toBe(backend);
  expect(tf.getKernelsForBackend('tensorflow')).toHaveLength(kernels);
});

test.each([null, 7, 'wheel', [], {captured: 'no'}, {sources: ['tarball']}, {signal: {}}, {onProgress: true}])(
  'options that are none are refused before anything is loaded or installed: %o',
  async (options) => {
    const refused = expect.objectContaining({name: 'RegularizerError'});
    await expect(registerNative(options as never)).rejects.toEqual(refused);
    await expect(setupNative(options as never)).rejects.toEqual(refused);
  },
);

test('there is one copy of tfjs-core', () => {
  expect(tfjsNode().Tensor).toBe(tf.Tensor);
});

test("kernels that call util's removed functions work on every Node", () => {
  const {values, indices} = tf.topk(tf.tensor1d([3, 1, 2]), 2); // calls util.isNullOrUndefined
  expect([values.arraySync(), indices.arraySync()]).toEqual([
    [3, 2],
    [0, 2],
  ]);
});

test('the removed functions are for tfjs-node alone, and are what they were', () => {
  expect(utilWithRemoved.isArray([])).toBe(true);
  expect(utilWithRemoved.inspect).toBe(util.inspect);
  const before = util.isArray;
  polyfillUtil();
  if (before) expect(util.isArray).toBe(before);
  expect(util.isArray([])).toBe(true);
});

test('another backend is not taken for the native one', async () => {
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  try {
    expect(() => executeOp('Neg', [], [])).toThrow(expect.objectContaining({code: 'not-native'}));
    expect(() => typeAttribute('T', 'float32')).toThrow("'cpu'");
  } finally {
    await registerNative();
  }
  expect(tf.getBackend()).toBe('tensorflow');
});

test('an error is known across two copies of this package', () => {
  const error = new NativeError('It is broken.', {code: 'build-failed', hint: 'Mend it.', cause: 'a reason'});
  expect(error.message).toBe('[native] It is broken. Mend it.');
  expect(error).toMatchObject({name: 'NativeError', hint: 'Mend it.', cause: 'a reason'});
  const foreign = {[Symbol.for('@regularizers/native/NativeError')]: true};
  expect([error, foreign, new Error('x'), undefined].map(NativeError.isInstance)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('a diagnosis names what is missing', async () => {
  using machine = fakeMachine({compiler: () => ({ok: false, missing: true})});
  const {works, findings} = await diagnoseWith(machine.tools);
  expect(works).toBe(false);
  expect(findings.filter(({ok}) => !ok).map(({name}) => name)).toEqual(['tfjs-node', 'addon', 'compiler']);
});

test('progress is one line in a terminal, and one per step elsewhere', () => {
  const written = (isTTY: boolean) => {
    let text = '';
    const {show, end} = progressWriter({isTTY, write: (more) => (text += more)});
    for (const fraction of [0.1, 0.104, 0.2]) show({stage: 'download', message: 'Downloading', fraction});
    show({stage: 'build', message: 'Compiling'});
    end();
    return text.replaceAll('\r\u001b[2K', '<');
  };
  expect(written(true)).toBe('<Downloading 10 %<Downloading 20 %<Compiling\n');
  expect(written(false)).toBe('Downloading\nCompiling\n');
});
