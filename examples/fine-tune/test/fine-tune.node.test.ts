// The example as people run it, with fewer seeds.
import {readdirSync, statSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {compare} from '../fine-tune.mjs';

test('regularization makes a pretrained base with a new head better than a new network', {
  timeout: 300_000,
}, async () => {
  const accuracy = await compare({seeds: [1, 2]});
  const [fresh, , head, regularized, slowly] = Object.values(accuracy) as [
    number,
    number,
    number,
    number,
    number,
  ];
  // Photographs of five kinds: 20% are told right by chance.
  expect(fresh).toBeGreaterThan(0.4);
  expect(regularized).toBeGreaterThan(head + 0.05);
  expect(regularized).toBeGreaterThan(fresh);
  expect(slowly).toBeGreaterThan(fresh);
});

test('its files are small', () => {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const sizes = ['data', 'base'].flatMap((name) =>
    readdirSync(`${folder}/${name}`).map((file) => statSync(`${folder}/${name}/${file}`).size),
  );
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(250_000);
});
