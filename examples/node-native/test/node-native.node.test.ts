// The example as people run it, ended in the middle and gone on with.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {makeTrainer, spirals, train} from '../train.mjs';

test('an ensemble is better than one network, and a run that was ended goes on to the same end', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'node-native-'));
  try {
    const whole = await train({file: join(folder, 'whole.safetensors'), epochs: 60});
    const interruption = new AbortController();
    const file = join(folder, 'ended.safetensors');
    await train({
      file,
      epochs: 60,
      signal: interruption.signal,
      onEpoch: ({epoch}) => {
        if (epoch === 20) interruption.abort();
      },
    });
    const gone = await train({file, epochs: 60});
    expect(gone.from).toBeGreaterThan(15);
    expect(gone.accuracy).toBe(whole.accuracy);

    const single = makeTrainer([]);
    await single.fit(spirals(150, 1), {epochs: 60, batchSize: 50});
    const {accuracy} = await single.evaluate(spirals(2000, 11));
    expect(accuracy).toBeGreaterThan(0.6);
    expect(whole.accuracy).toBeGreaterThan(accuracy!);
  } finally {
    rmSync(folder, {recursive: true});
  }
});
