// Bytes are not copied on the host either: what a run takes there beside them is a batch.
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {expect, test} from 'vitest';
import {oneHot} from './support/data.ts';
import {trainerOf} from './support/trainers.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function hostBytes(): number {
  collect();
  const {arrayBuffers, external} = process.memoryUsage();
  return Math.max(arrayBuffers, external);
}

test('a run over 24 MB of bytes takes less than a quarter of them beside', async () => {
  const shape = [2048, 64, 64, 3];
  const model = sequential({
    layers: [
      layers.averagePooling2d({poolSize: 32, inputShape: shape.slice(1)}),
      layers.flatten(),
      layers.dense({units: 3, activation: 'softmax'}),
    ],
  });
  const trainer = trainerOf([], {model});
  const values = new Uint8Array(2048 * 64 * 64 * 3).fill(200);
  const y = oneHot(2048, 3);
  const before = hostBytes();
  let peak = 0;
  let step = 0;
  const onStep = () => {
    step += 1;
    // A copy would be there for the whole run. To collect at each step takes minutes where earlier files left much.
    if (step % 16 === 1) peak = Math.max(peak, hostBytes() - before);
  };
  await trainer.fit({x: {values, shape}, y}, {batchSize: 16, onStep});
  expect(step).toBe(128);
  expect(peak).toBeLessThan(values.length / 4);
});
