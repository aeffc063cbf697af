import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {join} from 'node:path';
import {cacheDistrust, type Environment} from './cache.ts';

/** TensorFlow's own variable, which it reads when it is loaded. Where it is set, that rules. */
export const oneDnnVariable = 'TF_ENABLE_ONEDNN_OPTS';

/** Whether TensorFlow computes with oneDNN's kernels: what it does by itself, or what it is told. */
export type OneDnnSetting = 'default' | 'on' | 'off';

/** What the environment says for each setting. */
export const oneDnnValues: Readonly<Record<OneDnnSetting, string | undefined>> = {
  default: undefined,
  on: '1',
  off: '0',
};

/** The milliseconds of one round of a small network's products and convolutions under each setting. */
export type OneDnnTimes = Readonly<Record<OneDnnSetting, number>>;

/** By how much a setting has to be faster than TensorFlow's own choice to be preferred to it. */
const clearly = 1.2;

/**
 * The fastest setting, and TensorFlow's own where none is clearly faster: results then stay what they would be
 * without us, and the next measurement comes to the same.
 *
 * @param times - the times under each setting
 * @returns the setting to use
 */
export function fastestSetting(times: OneDnnTimes): OneDnnSetting {
  const other = times.on < times.off ? 'on' : 'off';
  return times[other] * clearly < times.default ? other : 'default';
}

const fileName = 'one-dnn.json';
const features = [
  'avx2',
  'avx512f',
  'avx512_vnni',
  'avx512_bf16',
  'avx_vnni',
  'amx_int8',
  'amx_bf16',
  'asimd',
];

/**
 * What this machine's processor is called, with those of its features that oneDNN makes use of: two machines with one
 * cache may differ in it, and so may two processors that a virtual machine calls the same.
 *
 * @returns a name such as `AMD EPYC 7B13 (avx2)`
 */
export function processorName(): string {
  let lines = '';
  try {
    lines = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // no Linux: the name has to do
  }
  const has = new Set(lines.match(/^(?:flags|Features)\s*:(.*)$/m)?.[1]?.split(' '));
  const found = features.filter((feature) => has.has(feature));
  const name = cpus()[0]?.model.trim() || process.arch;
  return found.length > 0 ? `${name} (${found.join(', ')})` : name;
}

/**
 * What was measured on this processor.
 *
 * @param root - the cache
 * @param processor - the processor; @defaultValue this machine's
 * @returns the times; undefined if there are none, or others can write to the cache
 */
export function readTimes(root: string, processor: string = processorName()): OneDnnTimes | undefined {
  if (cacheDistrust(root)) return undefined;
  const times = readAll(root)[processor];
  const whole =
    times && Object.keys(oneDnnValues).every((name) => Number.isFinite(times[name as OneDnnSetting]));
  return whole ? times : undefined;
}

function readAll(root: string): Readonly<Record<string, OneDnnTimes | undefined>> {
  try {
    return JSON.parse(readFileSync(join(root, fileName), 'utf8')) as Record<string, OneDnnTimes>;
  } catch {
    return {}; // none yet, or damaged: it is measured again
  }
}

/**
 * Keeps what was measured, beside what was measured on other processors.
 *
 * @param root - the cache
 * @param times - the times
 * @param processor - the processor; @defaultValue this machine's
 */
export function writeTimes(root: string, times: OneDnnTimes, processor: string = processorName()): void {
  mkdirSync(root, {recursive: true, mode: 0o755});
  const draft = join(root, `tmp-${process.pid}-${fileName}`);
  writeFileSync(draft, `${JSON.stringify({...readAll(root), [processor]: times}, null, 2)}\n`, {mode: 0o644});
  renameSync(draft, join(root, fileName));
}

/**
 * Tells TensorFlow, which mustn't be loaded yet, the setting that is the fastest on this processor. An environment
 * that says itself is left alone.
 *
 * @param root - the cache
 * @param env - the environment, which is changed; @defaultValue `process.env`
 */
export function chooseOneDnn(root: string, env: Environment = process.env): void {
  if (env[oneDnnVariable] !== undefined) return;
  const times = readTimes(root);
  const value = times && oneDnnValues[fastestSetting(times)];
  if (value !== undefined) env[oneDnnVariable] = value;
}

/**
 * The setting and where it comes from, for people.
 *
 * @param root - the cache
 * @param env - the environment; @defaultValue `process.env`
 * @returns one line
 */
export function describeOneDnn(root: string, env: Environment = process.env): string {
  const own = env[oneDnnVariable];
  if (own !== undefined) return `as the environment says: ${oneDnnVariable}=${own}`;
  const times = readTimes(root);
  if (!times)
    return 'as TensorFlow chooses by itself, since nothing was measured on this processor (setup does)';
  const setting = fastestSetting(times);
  const listed = Object.entries(times).map(([name, time]) => `${name} ${time.toFixed(1)} ms`);
  const what = setting === 'default' ? 'as TensorFlow chooses by itself' : setting;
  return `${what}, the fastest on ${processorName()}: ${listed.join(', ')}; ${oneDnnVariable} overrules it`;
}
