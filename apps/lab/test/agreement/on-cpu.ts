// For scripts/reference.mjs.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {type Observation, observe, recipes} from './observe.ts';

/** Every recipe, observed on the cpu backend. */
export async function observeOnCpu(): Promise<Readonly<Record<string, Observation>>> {
  tf.enableProdMode(); // no greeting on the console
  await tf.setBackend('cpu');
  const observations: Record<string, Observation> = {};
  for (const [name, recipe] of Object.entries(recipes)) observations[name] = await observe(recipe);
  return observations;
}
