// The same recipe and seed on every backend, against what the cpu backend did (scripts/reference.mjs).
import {expectClose, orRefused} from '@regularizers/testing';
import {expect, test} from 'vitest';
import {observe, recipes} from './observe.ts';
import reference from './reference.json' with {type: 'json'};

for (const [name, recipe] of Object.entries(recipes)) {
  const kernels = name === 'cnn' ? ['Conv2DBackpropFilter'] : [];
  test(
    `${name}: same initial weights, batches, masks and augmentations, and the losses of 20 steps agree`,
    orRefused(kernels, async () => {
      const expected = reference[name as keyof typeof reference];
      const observed = await observe(recipe);
      expect(observed.initialWeights).toBe(expected.initialWeights);
      expect(observed.order).toEqual(expected.order);
      expect(observed.mask).toBe(expected.mask);
      expectClose(observed.firstBatch, expected.firstBatch, 'reduction');
      expect(observed.losses).toHaveLength(20);
      expectClose(observed.losses, expected.losses, 'training');
    }),
  );
}
