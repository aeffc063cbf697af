// A page that was built with somebody else's package in it, and one that a link asks to have one.
import {mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {fromHash, toHash} from '../src/web/share.ts';
import {root, type ServedPage, servePage} from './page.ts';

const use = '@acme/regularizers-shake';
const recipe = {
  data: {name: 'moons', train: 60, validation: 50, test: 100},
  model: {name: 'mlp', hidden: [8]},
  epochs: 2,
  regularizers: [{use, name: 'shake', by: 0.01}],
};
const code = `
  import {defineRegularizer, defineTechnique, option, readTechnique} from '@regularizers/core';
  import * as tf from '@tensorflow/tfjs-core';
  const described = {by: option.number({min: 0, max: 1, default: 0.5, nothing: 0, about: 'How far it shakes.'})};
  const shake = (options) => {
    const {name, settings, by} = readTechnique('shake', options, described);
    const shaken = (weights) =>
      Object.fromEntries(Object.entries(weights).map(([key, weight]) => [key, tf.mul(weight, 1 - by)]));
    return defineRegularizer({name, settings, setup: () => ({idle: by === 0}), project: shaken});
  };
  export const techniques = [
    defineTechnique({name: 'shake', family: 'shaking', about: 'Shrinks.', options: described, create: shake}),
  ];
`;

let folder: string;
let served: ServedPage;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-page-'));
  const file = join(folder, 'shake.js');
  await writeFile(file, code);
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  vi.stubEnv('LAB_PLUGINS', JSON.stringify([{use, file}]));
  served = await servePage(join(folder, 'page'));
  vi.unstubAllEnvs();
  page = await served.browser.newPage();
  page.setDefaultTimeout(50_000);
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
});

afterAll(async () => {
  await served?.close();
  await rm(folder, {recursive: true, force: true});
});

const open = async (json: object): Promise<void> => {
  await page.goto('about:blank');
  await page.goto(`${served.origin}/${toHash(json as Record<string, unknown>)}`);
};

test('it has its techniques in the list and their options in the form, checks them, and trains', async () => {
  await open(recipe);
  await page.getByText(/^Ready/).waitFor();
  expect(await page.locator('optgroup').last().getAttribute('label')).toBe(`Shaking (${use})`);
  await page.getByText('How far it shakes.').waitFor();
  await page.getByRole('button', {name: 'Train', exact: true}).click();
  const error = page.locator('tr[data-run="1"] [data-cell="error"]');
  await error.waitFor();
  expect(await error.textContent()).toMatch(/%$/);

  await open({...recipe, regularizers: [{use, name: 'shake', by: 2}]});
  await page
    .getByText(/by must be in/)
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
});

test('what an address names is not loaded', async () => {
  const other = {...recipe, regularizers: [{use: '@acme/other', name: 'shake'}]};
  await open(other);
  await page
    .getByText(/which is not loaded/)
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
  expect(() => fromHash(toHash(recipe))).toThrow(/which is not loaded/);
});
