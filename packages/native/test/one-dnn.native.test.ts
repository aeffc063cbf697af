import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {diagnoseWith} from '../src/doctor.ts';
import {registerNative} from '../src/index.ts';
import {
  chooseOneDnn,
  fastestSetting,
  oneDnnVariable,
  processorName,
  readTimes,
  writeTimes,
} from '../src/one-dnn.ts';
import {measureOneDnn} from '../src/setup/measure.ts';
import {run} from '../src/setup/run.ts';
import {setupWith} from '../src/setup/setup.ts';
import {fakeMachine} from './fake-tools.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'one-dnn-'));
  vi.stubEnv(oneDnnVariable, undefined); // what registerNative may have set in this process
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, {recursive: true, force: true});
});

const off = {default: 30, on: 10, off: 31};

test.each([
  [{default: 30, on: 10, off: 31}, 'on'],
  [{default: 10, on: 10.2, off: 30}, 'default'],
  [{default: 10.5, on: 10, off: 30}, 'default'], // too little to differ from TensorFlow for
  [{default: 20, on: 20, off: 10}, 'off'],
] as const)('of %o it takes %s', (times, setting) => {
  expect(fastestSetting(times)).toBe(setting);
});

test('TensorFlow is told the faster setting of this processor', () => {
  writeTimes(root, {default: 1, on: 1, off: 1}, 'another processor');
  writeTimes(root, off);
  const env: NodeJS.ProcessEnv = {};
  chooseOneDnn(root, env);
  expect(env).toEqual({[oneDnnVariable]: '1'});
  expect(readTimes(root, 'another processor')).toEqual({default: 1, on: 1, off: 1});
});

test.each(['0', '1', ''])('an environment that says %j is left alone', (said) => {
  writeTimes(root, off);
  const env: NodeJS.ProcessEnv = {[oneDnnVariable]: said};
  chooseOneDnn(root, env);
  expect(env).toEqual({[oneDnnVariable]: said});
});

test.each([
  ['nothing was measured', () => {}],
  ['another processor was', () => writeTimes(root, off, 'another processor')],
  ['the file is damaged', () => writeFileSync(join(root, 'one-dnn.json'), '{"')],
  [
    'a time is none',
    () => writeFileSync(join(root, 'one-dnn.json'), JSON.stringify({[processorName()]: {on: 1}})),
  ],
  [
    'others can write to the cache',
    () => {
      writeTimes(root, off);
      chmodSync(root, 0o777);
    },
  ],
])('TensorFlow chooses by itself where %s', (_, prepare) => {
  prepare();
  const env: NodeJS.ProcessEnv = {};
  chooseOneDnn(root, env);
  expect(env).toEqual({});
});

test('set-up measures once, and anew for a new addon', async () => {
  using machine = fakeMachine();
  await setupWith(machine.tools);
  expect(readTimes(machine.tools.root)).toEqual({default: 30, on: 10, off: 30});
  const measured = () => machine.ran.filter((step) => step === 'measure').length;
  const once = measured();
  await setupWith(machine.tools);
  expect(measured()).toBe(once);
  await setupWith(machine.tools, {force: true, sources: ['wheel']});
  expect(measured()).toBe(2 * once);
});

test('set-up measures nothing where the environment has chosen', async () => {
  vi.stubEnv(oneDnnVariable, '0');
  using machine = fakeMachine();
  await setupWith(machine.tools);
  expect(machine.ran).not.toContain('measure');
});

test('an addon that cannot be measured works all the same', async () => {
  using machine = fakeMachine({measure: () => ({ok: false, output: 'Error'})});
  await expect(setupWith(machine.tools)).resolves.toMatchObject({source: 'wheel'});
  expect(readTimes(machine.tools.root)).toBeUndefined();
});

test('doctor says which it is and why', async () => {
  using machine = fakeMachine();
  const said = async () =>
    (await diagnoseWith(machine.tools)).findings.find(({name}) => name === 'oneDNN')?.detail;
  expect(await said()).toMatch(/TensorFlow chooses by itself.*setup/);
  await setupWith(machine.tools);
  expect(await said()).toMatch(/^on, the fastest on .*: default 30\.0 ms, on 10\.0 ms, off 30\.0 ms/);
  vi.stubEnv(oneDnnVariable, '0');
  expect(await said()).toBe('as the environment says: TF_ENABLE_ONEDNN_OPTS=0');
});

test('the real addon is measured under each setting', async () => {
  const {bindingPath} = await registerNative();
  const env: (string | undefined)[] = [];
  using machine = fakeMachine();
  const tools = {
    ...machine.tools,
    root,
    run: (command: Parameters<typeof run>[0]) => {
      env.push(command.env?.[oneDnnVariable]);
      return run(command);
    },
  };
  await measureOneDnn(bindingPath!, tools, false);
  expect([...new Set(env)]).toEqual([undefined, '1', '0']);
  const times = JSON.parse(readFileSync(join(root, 'one-dnn.json'), 'utf8'))[processorName()];
  for (const time of Object.values(times)) expect(time).toBeGreaterThan(0.05);
});
