import {cacheDistrust} from '../cache.ts';
import {
  type OneDnnSetting,
  type OneDnnTimes,
  oneDnnValues,
  oneDnnVariable,
  readTimes,
  writeTimes,
} from '../one-dnn.ts';
import type {Tools} from './tools.ts';

const marker = 'Milliseconds=';

/**
 * What a small convolutional network's training step spends its time on, by the addon alone: a convolution, its two
 * gradients, and a dense layer's product. It writes the quickest of some rounds, since other work on the machine only
 * ever makes one slower.
 */
const script = `
const addon = require(process.argv[1]);
const tensor = (...shape) => addon.createTensor(shape, addon.TF_FLOAT,
  Float32Array.from({length: shape.reduce((size, side) => size * side)}, (_, at) => Math.sin(at)));
const sizes = (...values) => addon.createTensor([values.length], addon.TF_INT32, Int32Array.from(values));
const type = {name: 'T', type: addon.TF_ATTR_TYPE, value: addon.TF_FLOAT};
const flag = (name) => ({name, type: addon.TF_ATTR_BOOL, value: false});
const list = (name) => ({name, type: addon.TF_ATTR_INT, value: [1, 1, 1, 1]});
const word = (name, value) => ({name, type: addon.TF_ATTR_STRING, value});
const convolution = [type, list('strides'), list('dilations'), word('padding', 'SAME'),
  word('data_format', 'NHWC'), flag('use_cudnn_on_gpu')];
const picture = tensor(64, 14, 14, 16), filter = tensor(3, 3, 16, 32), slope = tensor(64, 14, 14, 32);
const rows = tensor(64, 1568), kernel = tensor(1568, 64);
const steps = [
  ['Conv2D', convolution, [picture, filter]],
  ['Conv2DBackpropInput', convolution, [sizes(64, 14, 14, 16), filter, slope]],
  ['Conv2DBackpropFilter', convolution, [picture, sizes(3, 3, 16, 32), slope]],
  ['MatMul', [type, flag('transpose_a'), flag('transpose_b')], [rows, kernel]],
];
const times = [];
for (let round = 0; round < 60; round++) {
  const start = performance.now();
  for (const [name, attributes, inputs] of steps) {
    for (const {id} of addon.executeOp(name, attributes, inputs, 1)) addon.deleteTensor(id);
  }
  times.push(performance.now() - start);
}
process.stdout.write('${marker}' + Math.min(...times) + '\\n');
`;

/** How often each setting has its turn, so that a moment of other work on the machine decides nothing. */
const turns = 3;

/**
 * Measures TensorFlow with and without oneDNN on this processor and keeps the result with the cache, unless it is there
 * already or the environment chooses. What can't be measured or kept is no error: TensorFlow then chooses by itself.
 *
 * @param bindingPath - the addon
 * @param tools - the tools
 * @param again - whether to measure although it is there, since the addon is new
 */
export async function measureOneDnn(bindingPath: string, tools: Tools, again: boolean): Promise<void> {
  const {root} = tools;
  if (process.env[oneDnnVariable] !== undefined || cacheDistrust(root)) return;
  if (!again && readTimes(root)) return;
  tools.onProgress({stage: 'measure', message: 'Measuring which of its kernels are the fastest here'});
  const best: Record<OneDnnSetting, number> = {default: Infinity, on: Infinity, off: Infinity};
  for (let turn = 0; turn < turns; turn++) {
    for (const setting of Object.keys(best) as OneDnnSetting[]) {
      const time = await timeUnder(setting, bindingPath, tools);
      if (time === undefined) return;
      best[setting] = Math.min(best[setting], time);
    }
  }
  keep(root, best);
}

async function timeUnder(
  setting: OneDnnSetting,
  bindingPath: string,
  {run, signal}: Tools,
): Promise<number | undefined> {
  const value = oneDnnValues[setting];
  const {ok, output} = await run({
    program: process.execPath,
    args: ['-e', script, bindingPath],
    env: {TF_CPP_MIN_LOG_LEVEL: '2', ...(value === undefined ? {} : {[oneDnnVariable]: value})},
    signal,
  });
  const time = Number(output.match(/Milliseconds=([\d.]+)/)?.[1]);
  return ok && time > 0 ? time : undefined;
}

function keep(root: string, times: OneDnnTimes): void {
  try {
    writeTimes(root, times);
  } catch {
    // A cache that can't be written: a tfjs-node that works as it is needs none.
  }
}
