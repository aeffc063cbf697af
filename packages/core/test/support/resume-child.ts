// Run in a process of its own by resume.node.test.ts: trains from the start or from a checkpoint in a file, and
// prints what came of it as JSON.
import {readFile, writeFile} from 'node:fs/promises';
import {argv, stdout} from 'node:process';
import {adam, decodeCheckpoint, encodeCheckpoint} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {normalizedMlp, numbersOf, withKnownWeights} from './models.ts';
import {average, keepBest, several, siteNoise} from './plugins.ts';
import {classData, timeless, trainerOf} from './trainers.ts';

const [backend = '', execution = '', mode = '', file = ''] = argv.slice(2);

if (backend === 'cpu') {
  await import('@tensorflow/tfjs-backend-cpu');
  tf.env().set('IS_TEST', true);
  await tf.setBackend('cpu');
} else {
  const {registerNative} = await import('@regularizers/native');
  await registerNative();
}

const model = withKnownWeights(normalizedMlp());
const regularizers = [siteNoise('hidden'), average(), keepBest(), several(2)];
const trainer = trainerOf(regularizers, {
  model,
  optimizer: adam({learningRate: 0.05}),
  seed: 5,
  execution: execution === 'eager' ? 'eager' : 'auto',
});
if (mode === 'resume') await trainer.restore(decodeCheckpoint(await readFile(file)));
const {history} = await trainer.fit(classData(), {
  epochs: 3,
  batchSize: 4,
  validation: classData(7),
  onStep: async ({member, step}) => {
    if (mode === 'save' && member === 0 && step === 5) {
      await writeFile(file, encodeCheckpoint(await trainer.save()));
    }
  },
});
const prediction = trainer.predict(classData(7).x);
stdout.write(
  JSON.stringify({
    history: timeless(history),
    weights: numbersOf(model),
    prediction: 'dataSync' in prediction ? Array.from(prediction.dataSync()) : [],
  }),
);
