// One way of training with tfjs as a program of its own: `node main.js captured native`.
import {createInterface} from 'node:readline';
import {registerNative} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {type Answer, answerMark, type Request, type Task} from '../protocol.ts';
import {augment} from './augment.ts';
import {keepingGraph} from './graph.ts';
import type {Ties} from './model.ts';
import {profiled} from './profile.ts';
import type {Session, Way} from './session.ts';
import {readData, settingOf} from './setting.ts';
import {withFit} from './with-fit.ts';
import {withLoop} from './with-loop.ts';
import {withTrainer} from './with-trainer.ts';

const ways: Readonly<Record<string, Way>> = {
  captured: withTrainer('captured'),
  eager: withTrainer('eager'),
  fit: withFit,
  loop: withLoop('tfjs'),
  same: withLoop('same'),
};

const [wayName = '', backend = 'native'] = process.argv.slice(2);
const way = ways[wayName];
if (!way) throw new Error(`There is no way of training called ${wayName}.`);
const ties: Ties = wayName === 'captured' || wayName === 'eager' ? 'regularizer' : 'layer';
if (backend === 'native') {
  await registerNative();
} else {
  await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend(backend);
}

interface Running {
  readonly session: Session;
  readonly release: () => void;
}
const running = new Map<string, Running>();

async function answer(request: Request): Promise<Answer> {
  switch (request.op) {
    case 'start': {
      const {session, first, release} = await begin(request.task);
      running.set(request.session, {session, release});
      return first;
    }
    case 'turn':
      return running.get(request.session)!.session.turn();
    case 'stop': {
      const {session, release} = running.get(request.session)!;
      await session.stop();
      release();
      running.delete(request.session);
      return {milliseconds: 0};
    }
    case 'first':
      return withTask(request.task, async (setting) => {
        const only = setting();
        return timed(() => way!.train(() => only, {epochs: 1, members: 1}));
      });
    case 'ensemble': {
      const {task, members, turns} = request;
      return withTask(task, (setting) => timed(() => way!.train(setting, {epochs: turns, members})));
    }
    case 'graph': {
      const {task, folder} = request;
      await withTask(task, (setting) =>
        keepingGraph(folder, () => way!.train(setting, {epochs: 1, members: 1})),
      );
      return {milliseconds: 0};
    }
    case 'augment':
      return augmented(request.task);
    case 'profile': {
      const {task} = request;
      let release = (): void => undefined;
      const profile = await profiled(task.steps, async () => {
        const begun = await begin(task);
        release = begun.release;
        return begun.session;
      });
      release();
      return {milliseconds: profile.milliseconds, profile};
    }
    case 'memory':
      return {milliseconds: 0, tensors: tf.memory().numTensors, residentBytes: process.memoryUsage().rss};
  }
}

async function begin(task: Task) {
  const data = readData(task);
  const session = await way!.start(settingOf(task, data, ties));
  return {session, first: session.first, release: () => tf.dispose([data.x, data.y])};
}

async function withTask<T>(
  task: Task,
  run: (make: () => ReturnType<typeof settingOf>) => Promise<T>,
): Promise<T> {
  const data = readData(task);
  try {
    return await run(() => settingOf(task, data, ties));
  } finally {
    tf.dispose([data.x, data.y]);
  }
}

async function timed(run: () => Promise<unknown>): Promise<Answer> {
  const since = performance.now();
  await run();
  return {milliseconds: performance.now() - since};
}

async function augmented({steps, batch, spec, folder, ...rest}: Task): Promise<Answer> {
  const {x, y} = readData({steps, batch, spec, folder, ...rest});
  const images = tf.slice(x, 0, batch) as tf.Tensor4D;
  const result = await timed(async () => {
    for (let step = 0; step < steps; step++) augment(images, step);
  });
  tf.dispose([x, y, images]);
  return result;
}

const lines = createInterface({input: process.stdin});
for await (const line of lines) {
  let reply: Answer | {readonly error: string};
  try {
    reply = await answer(JSON.parse(line) as Request);
  } catch (error) {
    reply = {error: error instanceof Error ? (error.stack ?? error.message) : String(error)};
  }
  process.stdout.write(`${answerMark}${JSON.stringify(reply)}\n`);
}
