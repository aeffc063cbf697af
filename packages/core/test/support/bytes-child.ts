// Run in a process of its own by bytes-memory.node.test.ts: trains on bytes, and prints how much more there was on the
// host at most, as it is and where somebody copies them.
import {memoryUsage, stdout} from 'node:process';
import {registerNative} from '@regularizers/native';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {oneHot} from './data.ts';
import {trainerOf} from './trainers.ts';

await registerNative();
const {gc: collect} = globalThis as unknown as {gc: () => void};

const shape = [1024, 64, 64, 3];
const values = new Uint8Array(1024 * 64 * 64 * 3).fill(200);
const y = oneHot(1024, 3);

function hostBytes(): number {
  collect();
  const {arrayBuffers, external} = memoryUsage();
  return Math.max(arrayBuffers, external);
}

/** The most bytes there were at a step beside those from before. */
async function mostOf(onBegin: () => unknown): Promise<number> {
  const model = sequential({
    layers: [
      layers.averagePooling2d({poolSize: 32, inputShape: shape.slice(1)}),
      layers.flatten(),
      layers.dense({units: 3, activation: 'softmax'}),
    ],
  });
  const trainer = trainerOf([], {model});
  const before = hostBytes();
  let most = 0;
  const held: unknown[] = [];
  const onStep = (): void => {
    if (held.length === 0) held.push(onBegin());
    most = Math.max(most, hostBytes() - before);
  };
  await trainer.fit({x: {values, shape}, y}, {batchSize: 16, onStep});
  trainer.dispose();
  return most;
}

const asIs = await mostOf(() => 'nothing');
const copied = await mostOf(() => values.slice());
stdout.write(JSON.stringify({bytes: values.length, asIs, copied}));
