// Data of the user's own in the page, in Chromium.
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {registerNative} from '@regularizers/native';
import * as tf from '@tensorflow/tfjs-core';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import {unzipSync, zipSync} from 'fflate';
import type {Browser, Page} from 'playwright-core';
import sharp from 'sharp';
import {afterAll, afterEach, beforeAll, beforeEach, expect, test} from 'vitest';
import {type DataSet, toTensors} from '../src/data/data-set.ts';
import {csvSchema, type OwnOptions, picturesSchema} from '../src/data/own/options.ts';
import {ownFiles} from '../src/data/own/own-files.ts';
import {parseRecipe} from '../src/recipe.ts';
import {fingerprintOf} from '../src/web/worker/fingerprint.ts';
import {programFor} from '../src/web/worker/program.ts';
import {type ServedPage, servePage} from './page.ts';
import {focused, tabTo} from './page-keys.ts';

let folder: string;
let served: ServedPage;
let browser: Browser;
let origin: string;
let page: Page;
let complaints: string[];
let sent: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-own-'));
  served = await servePage(join(folder, 'page'), '--use-fake-device-for-media-stream');
  ({browser, origin} = served);
  await put('iris.csv', table);
  for (const [path, bytes] of Object.entries(await pictures())) await put(`pets/${path}`, bytes);
});

afterAll(async () => {
  await served?.close();
  await rm(folder, {recursive: true, force: true});
});

beforeEach(async () => {
  complaints = [];
  sent = [];
  page = await browser.newPage();
  page.setDefaultTimeout(50_000);
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (request.method() !== 'GET' || !request.url().startsWith(`${origin}/`)) sent.push(request.url());
  });
});

afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
  expect(sent.filter((url) => !/^(data|blob):/.test(url))).toEqual([]);
});

const table = [
  'id,length,width,colour,species',
  ...Array.from({length: 90}, (_, row) => {
    const [kind, noise] = [row % 3, ((row * 37) % 17) / 17];
    const width = row % 11 === 0 ? '' : (2 + noise).toFixed(2);
    return `${row + 1},${(4 + kind + noise).toFixed(2)},${width},${['red', 'blue'][row % 2]},${['a', 'b', 'c'][kind]}`;
  }),
].join('\n');

/** Two classes that differ in colour, of eight pixels each way: nothing is scaled. */
async function pictures(): Promise<Record<string, Uint8Array>> {
  const all: Record<string, Uint8Array> = {};
  for (let at = 0; at < 10; at++) {
    for (const [label, base] of [
      ['cat', 40],
      ['dog', 160],
    ] as const) {
      const pixels = Uint8Array.from({length: 192}, (_, index) => base + ((index * 7 + at * 13) % 90));
      const picture = sharp(pixels, {raw: {width: 8, height: 8, channels: 3}});
      all[`${label}/${at}.png`] = await picture.png().toBuffer();
    }
  }
  return all;
}

async function put(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, name)), {recursive: true});
  await writeFile(join(folder, name), content);
}

const path = (name: string): string => join(folder, name);
const button = (name: string | RegExp) => page.getByRole('button', {name});

async function trainOnCpu(epochs: number): Promise<void> {
  await page.getByLabel('Epochs', {exact: true}).fill(String(epochs));
  await page.getByLabel('Epochs', {exact: true}).blur();
  await page.getByText(/^Ready/).waitFor();
  await page.getByLabel('Trains on').selectOption('cpu');
  await button('Train').first().click();
  await page.locator('tr[data-run="1"] [data-cell="error"]').waitFor();
}

/** What the page keeps of its last run: the fingerprint of its test set, and what became of the files. */
const lastRun = (): Promise<{
  data: string;
  report: {data: {encoding: unknown}};
  recipe: {data: OwnOptions};
}> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.open('regularizers-lab').onsuccess = ({target}) => {
          const database = (target as IDBOpenDBRequest).result;
          database.transaction('runs').objectStore('runs').getAll().onsuccess = (event) =>
            resolve((event.target as IDBRequest).result.at(-1));
        };
      }),
  );

async function expectAsOnTheCommandLine(asked: OwnOptions): Promise<void> {
  await expect.poll(async () => (await lastRun())?.data, {timeout: 20_000}).toBeDefined();
  const {data, report} = await lastRun();
  const there: DataSet = (await ownFiles()(asked)).data;
  expect(data).toBe(fingerprintOf(there));
  expect(report.data.encoding).toEqual(there.encoding);
}

test('a table: what became of its columns, another target, the numbers of the command line, over a reload, and gone', async () => {
  await page.goto(`${origin}/#lab`);
  await page.getByLabel('Files …').setInputFiles(path('iris.csv'));
  await page.getByText('3 classes: a, b, c.').waitFor();
  expect(await page.getByLabel('Column to predict').inputValue()).toBe('species');
  await page.getByText('54 to train on, 18 to validate').waitFor();
  await page.getByText('4 columns to predict it from, 1 of them ignored').click();
  await page.getByText('ignored: an id: each row has another one').waitFor();
  await page.getByText('numeric; a missing one is the mean, and one more input says so').waitFor();
  await trainOnCpu(3);
  await expectAsOnTheCommandLine(csvSchema.parse({name: 'csv', file: path('iris.csv'), target: 'species'}));
  await page.getByLabel('What colour is taken for').selectOption('ignored');
  await page.getByText('2 of them ignored').waitFor();
  await page.getByLabel('Column to predict').selectOption('length');
  await page.getByText('A number: the loss is').waitFor();
  await page.reload();
  await page.getByText('A number: the loss is').waitFor();
  expect(await page.getByLabel('Data set').textContent()).toContain('iris.csv');
  // A link names the file, and says so where it is not.
  await button('Remove iris.csv from this browser').click();
  await page.getByRole('alert').getByText('iris.csv is not kept in this browser').waitFor();
  await page
    .getByRole('alert')
    .getByText(/Drop the file iris\.csv here, the one whose SHA-256 begins/)
    .waitFor();
  expect(await button('Train').first().isDisabled()).toBe(true);
  await page.reload();
  await page.getByRole('alert').getByText('iris.csv is not kept in this browser').waitFor();
  await page.getByLabel('Files …').setInputFiles(path('iris.csv'));
  await page.getByText(/^Ready/).waitFor();
  expect(await page.getByLabel('Column to predict').inputValue()).toBe('length');
});

test('pictures: a folder and a zip are one, decoded to the numbers of the command line; what is broken is named', async () => {
  await page.goto(`${origin}/#lab`);
  await page.getByLabel('Folder …').setInputFiles(path('pets'));
  await page.getByText('12 to train on, 4 to validate, 4 to test').waitFor();
  const options = page.getByLabel('Data set').locator('option');
  expect(await options.first().textContent()).toBe('pets');
  await page.getByLabel('Architecture').selectOption('mlp');
  await trainOnCpu(2);
  await expectAsOnTheCommandLine(picturesSchema.parse({name: 'pictures', folder: path('pets')}));
  const inFolder = await pictures();
  const zipped = Object.fromEntries(
    Object.entries(inFolder).map(([name, bytes]) => [`pets/${name}`, bytes] as const),
  );
  await put('pets.zip', zipSync(zipped));
  await page.getByLabel('Files …').setInputFiles(path('pets.zip'));
  await expect
    .poll(() => page.locator('#page').getByText('pets is read, and kept in this browser').count(), {
      timeout: 20_000,
    })
    .toBe(1);
  expect(await options.filter({hasText: 'pets'}).count()).toBe(1);
  await put('broken.zip', zipSync({...zipped, 'pets/cat/9.png': inFolder['cat/9.png']!.slice(0, 70)}));
  await page.getByLabel('Files …').setInputFiles(path('broken.zip'));
  await page.getByRole('alert').getByText('pets/cat/9.png: it is no picture that can be read').waitFor();
  // Dropped, this time.
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x,y\n1,2\n1,2,3\n'], 'ragged.csv'));
    return transfer;
  });
  await page.dispatchEvent('#page', 'drop', {dataTransfer: dropped});
  await page.getByRole('alert').getByText('ragged.csv, row 3: it has 3 fields, and the header 2').waitFor();
});

test('what is taken away: a model that answers as the table says, a program as lab code writes it, a link', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], {origin});
  await page.goto(`${origin}/#lab`);
  await page.getByLabel('Files …').setInputFiles(path('iris.csv'));
  await page.getByText('54 to train on').waitFor();
  await trainOnCpu(5);
  const shown = await page.locator('tr[data-run="1"] [data-cell="error"]').textContent();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    button(/^Download the model of/).click(),
  ]);
  expect(download.suggestedFilename()).toBe('dropout-l2-model.zip');
  const files = unzipSync(await readFile(await download.path()));
  const json = JSON.parse(new TextDecoder().decode(files['model.json']));
  await registerNative();
  const model = await loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: files[json.weightsManifest[0].paths[0]]!.slice().buffer,
    }),
  );
  expect(json.userDefinedMetadata).toMatchObject({classNames: ['a', 'b', 'c'], encoding: {kind: 'table'}});
  const {data} = await ownFiles()(csvSchema.parse({name: 'csv', file: path('iris.csv'), target: 'species'}));
  const {x, y} = toTensors(data, 'test');
  const guesses = tf.argMax(model.predict(x) as tf.Tensor, 1);
  const error = 1 - tf.mean(tf.cast(tf.equal(guesses, tf.cast(y, 'int32')), 'float32')).dataSync()[0]!;
  expect(shown).toBe(`${(100 * error).toFixed(2)} %`);
  model.dispose();
  await button('Copy TypeScript').click();
  await page
    .locator('.taken')
    .getByText(/^Copied: \d+ lines of TypeScript/)
    .waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const {recipe} = await lastRun();
  const {code} = await programFor(
    parseRecipe(recipe),
    {...data, description: 'x'},
    {plugins: [], withData: false},
  );
  const linesOf = (text: string): readonly string[] =>
    text.split('\n').filter((line) => !line.startsWith('//'));
  expect(linesOf(copied)).toEqual(linesOf(code));
  const [zip] = await Promise.all([page.waitForEvent('download'), button('Program with its data').click()]);
  expect(Object.keys(unzipSync(await readFile(await zip.path()))).toSorted()).toEqual([
    'iris.csv',
    'train.ts',
  ]);
  await button('Copy link').click();
  await page
    .locator('.taken')
    .getByText(/It names your data by its checksum/)
    .waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});

test('by keys alone: data is chosen, a search is stopped and goes on, and its winner comes into the form', async () => {
  await page.goto(`${origin}/#lab`);
  const {keyboard} = page;
  const announced = (text: RegExp): Promise<void> => page.getByRole('status').getByText(text).waitFor();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    tabTo(page, 'Files …').then(() => keyboard.press('Enter')),
  ]);
  await chooser.setFiles(path('iris.csv'));
  await page.getByText('54 to train on').waitFor();
  await tabTo(page, 'Epochs');
  await keyboard.press('Control+a');
  await keyboard.type('2');
  await tabTo(page, 'Trains on');
  await keyboard.type('plain');
  await page.getByText(/^Ready/).waitFor();
  const search = page.locator('.search');
  await tabTo(page, 'Minutes');
  await keyboard.press('Control+a');
  await keyboard.type('0.3');
  await tabTo(page, 'Find what helps', 'Shift+Tab');
  await keyboard.press('Enter');
  await announced(/The search begins/);
  await search.getByText(/Best so far: [\d.]+ %/).waitFor();
  expect(await focused(page)).toMatchObject({name: 'Stop the search', isMarked: true, coveredBy: undefined});
  await keyboard.press('Enter');
  await announced(/The search was stopped/);
  expect((await focused(page)).name).toBe('Find what helps');
  await keyboard.press('Enter');
  const first = await search
    .getByText(/\d+ trials/)
    .first()
    .textContent();
  expect(Number(/(\d+) trials/.exec(first!)![1])).toBeGreaterThan(1); // those from before are there
  const taking = /^Put the (winner|tuned baseline) into the form$/;
  await button(taking).waitFor({timeout: 200_000});
  await announced(/The search is done\. \w/);
  expect((await focused(page)).name).toBe('Find what helps');
  expect(await search.locator('.sentences li').count()).toBeGreaterThan(0);
  const rows = search.locator('tbody tr');
  expect(await rows.first().locator('th').textContent()).toBe('baseline');
  // How much a busy machine gets done in that time is not for this to say.
  expect(await search.locator('thead th').allTextContents()).toContain('validation error');
  await tabTo(page, taking);
  await keyboard.press('Space');
  await announced(/The winner is in the form/);
  await page.getByText(/^Ready/).waitFor();
  expect((await focused(page)).name).toMatch(taking);
  const inForm = await page.locator('.card').count();
  const {regularizers} = JSON.parse(decodeURIComponent(new URL(page.url()).hash.slice('#recipe='.length)));
  expect(regularizers).toHaveLength(inForm);
  await tabTo(page, 'Verdicts'); // a table that is wider than its place is moved by keys
  await keyboard.press('Control+z');
  await announced(/Undid loading a recipe/);
});

test('what was chosen by hand or opened follows the recipe and stays open; what is removed stays so, left at once', async () => {
  await page.goto(`${origin}/#lab`);
  const data = page.getByLabel('Data set');
  const ready = (): Promise<void> => page.getByText(/^Ready/).waitFor();
  await ready();
  await data.selectOption('moons');
  await button(/^Undo/).click();
  expect(await data.inputValue()).toBe('glyphs');
  // As a link does it, which is followed when something else was chosen by hand.
  await page.evaluate(
    (recipe) => {
      location.hash = `recipe=${encodeURIComponent(JSON.stringify(recipe))}`;
    },
    {data: {name: 'moons', train: 40}, model: {name: 'mlp', hidden: [4]}, epochs: 1},
  );
  await page.getByText('40 to train on').waitFor();
  expect(await data.inputValue()).toBe('moons');

  const more = page.locator('details.more', {has: page.getByLabel('Validation examples')});
  await more.locator('summary').click();
  const field = more.getByLabel('Validation examples');
  await field.fill('-3');
  await field.press('Enter');
  await more.locator('.wrong').waitFor();
  await field.fill('50');
  await field.press('Enter');
  await more.locator('.wrong').waitFor({state: 'detached'});
  expect(await more.evaluate((details: HTMLDetailsElement) => details.open)).toBe(true);
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);

  await trainOnCpu(1);
  await expect.poll(async () => (await lastRun())?.data, {timeout: 20_000}).toBeDefined();
  await page.evaluate(() => {
    document.querySelector<HTMLButtonElement>('[aria-label^="Remove no regularizer"]')!.click();
    location.href = 'about:blank';
  });
  await page.waitForURL('about:blank');
  await page.goto(`${origin}/#lab`);
  await ready();
  expect(await lastRun()).toBeUndefined();
});

test('pictures from the camera, a class for each button that is held; a camera that is refused is said', async () => {
  await page.goto(`${origin}/#lab`);
  await button('Webcam …').click();
  await page.getByRole('alert').getByText('the camera was refused to this page').waitFor();
  await button('Close the camera').click();
  await page.context().grantPermissions(['camera'], {origin});
  await button('Webcam …').click();
  await page.locator('#webcam-video').waitFor();
  await page.getByText('Hold the button of class 1 for 10 pictures at least.').waitFor();
  for (const name of ['class 1', 'class 2']) {
    const hold = button(`Hold to record ${name}`);
    const count = async (): Promise<number> =>
      Number(await page.locator('.webcam li', {has: hold}).locator('.soft').textContent());
    await hold.focus();
    await page.keyboard.down('Space');
    await expect.poll(count, {timeout: 60_000}).toBeGreaterThanOrEqual(10);
    await page.keyboard.up('Space');
    await page.locator('.hold.on').waitFor({state: 'detached'});
    const taken = await count();
    await page.waitForTimeout(500);
    expect(await count()).toBeLessThanOrEqual(taken + 1); // one that was on its way
  }
  await page.getByLabel('Name of class 2').fill('class 1');
  await page.getByLabel('Name of class 2').blur();
  await page.getByText('Two classes have the same name.').waitFor();
  await page.getByLabel('Name of class 1').last().fill('nobody');
  await page.getByLabel('Name of class 1').last().blur();
  await button('Use these pictures').click();
  await expect
    .poll(() => page.getByLabel('Data set').locator('option').first().textContent(), {timeout: 60_000})
    .toBe('webcam');
  await page.getByText(/^Ready/).waitFor();
  expect(await page.locator('#webcam-video').count()).toBe(0);

  // What was trained on them is asked by the camera, too.
  await page.getByLabel('Architecture').selectOption('mlp');
  await trainOnCpu(1);
  await button('Camera …').click();
  await page.locator('#asked-video').scrollIntoViewIfNeeded(); // what nobody sees has no frames
  const bars = page.locator('.answers .bars li');
  await bars.nth(1).waitFor();
  const classes = await bars.locator('> span:first-child').allTextContents();
  expect(classes.toSorted()).toEqual(['class 1', 'nobody']);
  const shares = (await bars.locator('.number').allTextContents()).map((text) => Number.parseFloat(text));
  expect(shares[0]! + shares[1]!).toBeCloseTo(100, -0.5);
  const isSeen = (): Promise<boolean> =>
    page.locator('#pad-seen').evaluate((canvas: HTMLCanvasElement) => {
      const {data} = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, at) => at % 4 < 3 && value > 0);
    });
  await expect.poll(isSeen, {timeout: 20_000}).toBe(true);
  await button('Close the camera').click();
  await page.locator('#pad').waitFor();
  expect(await bars.count()).toBe(0);
});
