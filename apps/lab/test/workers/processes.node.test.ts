// Processes that train, as their parent sees them; what they train is a fake.
import {afterEach, beforeEach, expect, it} from 'vitest';
import {startProcesses} from '../../src/workers/processes.ts';
import type {Workers} from '../../src/workers/task.ts';
import {useFolder} from '../cli/folder.ts';
import {begun, fakeEntry, fakeTask, isThere} from './support.ts';

const folder = useFolder();
let log = '';
let workers: Workers | undefined;
const start = (count: number, attempts?: number): Workers => {
  workers = startProcesses({
    entry: fakeEntry,
    count,
    plugins: [],
    ...(attempts === undefined ? {} : {attempts}),
  });
  return workers;
};
beforeEach(() => {
  log = folder.path('log');
  process.env['FAKE_LOG'] = log;
});
afterEach(async () => {
  await workers?.close();
  delete process.env['FAKE_LOG'];
});
const pids = (): readonly number[] => [...new Set(begun(log).map(({pid}) => pid))];

it('train as many at once as they are, each on one thread, and stay for the next task', async () => {
  const {train} = start(2);
  const reports = await Promise.all([1, 2, 3, 4, 5].map((seed) => train(fakeTask('sleeps 20', seed))));
  expect(reports.map(({testError}) => testError)).toEqual([1, 2, 3, 4, 5]);
  expect(reports[0]).toMatchObject({threads: '1'});
  expect(pids()).toHaveLength(2);
});

it('end when they are closed, whatever they do', async () => {
  const {train, close} = start(2);
  await train(fakeTask('well'));
  const hanging = expect(train(fakeTask('hangs'))).rejects.toMatchObject({code: 'aborted'});
  await close();
  await hanging;
  await expect(train(fakeTask('well'))).rejects.toMatchObject({code: 'aborted'});
  expect(pids().filter(isThere)).toEqual([]);
});

it('tell how far they are, each of its own task', async () => {
  const {train} = start(1);
  for (const seed of [1, 2]) {
    const epochs: number[] = [];
    await train(fakeTask('tells', seed), {onProgress: ({epoch}) => void epochs.push(epoch)});
    expect(epochs).toEqual([1, 2]);
  }
});

it('leave a task at its signal, and train the next one', async () => {
  const {train} = start(1);
  const controller = new AbortController();
  const hanging = train(fakeTask('hangs'), {signal: controller.signal});
  controller.abort();
  await expect(hanging).rejects.toMatchObject({code: 'aborted'});
  expect(await train(fakeTask('well', 7))).toMatchObject({testError: 7});
  await expect(train(fakeTask('well'), {signal: AbortSignal.abort()})).rejects.toMatchObject({
    code: 'aborted',
  });
});

it('that were killed are started anew, and what they had is given out again', async () => {
  const {train} = start(1);
  await train(fakeTask('well'));
  process.kill(pids()[0]!, 'SIGKILL');
  const slow = train(fakeTask('sleeps 300', 3));
  expect(await slow).toMatchObject({testError: 3});
});

it('are ended by a task twice: then it counts as failed, and others go on', async () => {
  const {train} = start(2);
  const results = await Promise.allSettled([train(fakeTask('dies')), train(fakeTask('well', 2))]);
  expect(results).toMatchObject([
    {reason: {code: 'worker-lost', problem: 'training it ended 2 workers: SIGKILL'}},
    {value: {testError: 2}},
  ]);
  expect(begun(log).filter(({name}) => name === 'dies')).toHaveLength(2);
  await expect(train(fakeTask('prints'))).rejects.toMatchObject({
    problem: 'training it ended 2 workers: exit code 3: out of memory',
  });
});

it('are ended once where the queue gives out again', async () => {
  await expect(start(1, 1).train(fakeTask('dies'))).rejects.toMatchObject({code: 'worker-lost'});
  expect(begun(log)).toHaveLength(1);
});

it.each([
  ['fails', {code: 'not-finite', where: 'l2', problem: 'it diverged'}],
  ['refuses', {code: 'no-worker', where: 'native', problem: 'not here'}],
  ['breaks', {name: 'Error', message: 'a worker failed: a bug'}],
])('say why a task %s', async (name, error) => {
  await expect(start(1).train(fakeTask(name))).rejects.toMatchObject(error);
  expect(begun(log)).toHaveLength(1);
});

it('that cannot be started at all end nothing else', async () => {
  workers = startProcesses({entry: {file: '/nowhere.mjs', execArgv: []}, count: 1, plugins: []});
  await expect(workers.train(fakeTask('well'))).rejects.toMatchObject({code: 'worker-lost'});
});
