// The page as it is published: for everybody, in every state that it can be seen in.
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import type {AxeResults} from 'axe-core';
import type {Browser, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openChromium} from '../../../vitest/chromium.ts';
import {type Served, serveFolder} from '../../../vitest/served-folder.ts';
import type {Look} from '../src/looks/look.ts';
import {reportHtml} from '../src/report/html.ts';
import type {HistoryPoint} from '../src/report/rows.ts';
import {searchHtml} from '../src/report/search-html.ts';
import {heapOf, watchTasks} from './long-run.ts';
import {buildPage} from './page.ts';
import {type Focused, focused, tabTo as tabOn} from './page-keys.ts';
import {dress, isReady, looks, openRecipe, pageStates, press} from './page-states.ts';
import {found} from './report/found.ts';
import {reportOf, row, verdict} from './report/rows.ts';

const isThorough = process.env['REGULARIZERS_THOROUGH'] === '1';
const patience = 100_000; // milliseconds for what a busy machine does

let folder: string;
let served: Served;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-visit-'));
  await buildPage(folder, {minify: true});
  served = await serveFolder(folder);
  browser = await openChromium();
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
  await rm(folder, {recursive: true, force: true});
});

/** A visitor's first page. */
async function visit(): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  page.on('dialog', (dialog) => dialog.accept());
  return page;
}

const tiny = {
  data: {name: 'moons', train: 60, validation: 50, test: 100},
  model: {name: 'mlp', hidden: [8]},
  epochs: 12,
  batchSize: 30,
  regularizers: [{name: 'dropout', rate: 0.1}],
};

/** As browsers ask for them. */
const kilobytes = (bytes: Uint8Array): number => gzipSync(bytes).length / 1000;

it('loads less than a megabyte before it can be used, TensorFlow.js in files of its own', async () => {
  const page = await visit();
  const sizes = new Map<string, number>();
  const asked: Promise<void>[] = [];
  const take = async (path: string): Promise<void> => {
    sizes.set(path, kilobytes(await readFile(join(folder, path === '/' ? 'index.html' : path))));
  };
  page.on('request', (request) => asked.push(take(new URL(request.url()).pathname)));
  await page.goto(`${served.origin}/#lab`);
  await isReady(page);
  await Promise.all(asked);
  await page.close();
  const sum = (isWanted: (path: string) => boolean): number =>
    [...sizes].reduce((all, [path, size]) => all + (isWanted(path) ? size : 0), 0);
  const isTensorFlow = (path: string): boolean => /\/tfjs[-.\w]*$/.test(path);
  expect(sum(isTensorFlow)).toBeGreaterThan(50);
  expect(sum((path) => /worker/.test(path))).toBeGreaterThan(50);
  expect(sum((path) => !isTensorFlow(path))).toBeLessThan(450);
  expect(sum(() => true)).toBeLessThan(700);
  // No backend that may not be used, no data that was not asked for.
  expect([...sizes.keys()].filter((path) => /wasm|digits|breast|wine|diabetes/.test(path))).toEqual([]);
});

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Which rules of accessibility a page breaks, and where. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  // Not as a script of the page: its policy lets none in.
  await page.evaluate(`typeof axe === 'undefined' && (() => {${axe}})()`);
  const {violations} = await page.evaluate(() =>
    (globalThis as unknown as {axe: {run(): Promise<AxeResults>}}).axe.run(),
  );
  return violations.flatMap(({id, nodes}) =>
    nodes.map(
      ({target, failureSummary}) => `${id} at ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`,
    ),
  );
}

describe('in every state', () => {
  it('breaks no rule of accessibility, and fits the screen', async () => {
    const page = await visit();
    const broken: string[] = [];
    for (const [place, {name, reach}] of pageStates(served.origin, 'short').entries()) {
      await dress(page, looks[0]!);
      await reach(page);
      for (const [turn, look] of looks.entries()) {
        await dress(page, look);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        const where = `${name}, ${look.width} ${look.scheme}`;
        if (overflow > 0) broken.push(`${where}: wider than the screen by ${overflow} pixels`);
        // The rules take seconds: each state by those of one look, in turn.
        if (isThorough || turn === place % looks.length)
          broken.push(...(await violationsOn(page)).map((one) => `${where}: ${one}`));
      }
    }
    await page.close();
    expect(broken).toEqual([]);
  });
});

describe('a report that a command writes', () => {
  const history: HistoryPoint[] = Array.from({length: 40}, (_, index) => ({
    epoch: index + 1,
    train: {loss: 2 / (index + 1), penalty: 0, objective: 2 / (index + 1), accuracy: 1 - 0.5 / (index + 1)},
    validation: {loss: 0.5 + 1 / (index + 1), accuracy: 0.8},
    seconds: 0.5,
  }));
  const names = ['baseline', 'l2', 'augmentation of pictures, together with dropout'];
  /** Of points and of pictures, as no one model is. */
  const look: Look = {
    surface: {
      side: 4,
      reach: 2,
      classes: Uint8Array.from({length: 16}, (_, at) => at % 3),
      confidence: Uint8Array.from({length: 16}, (_, at) => 100 + 10 * at),
      points: Float32Array.of(0.5, 0.5, -1, 1, 1.5, -1.5),
      labels: Int32Array.of(0, 1, 2),
      guesses: Uint8Array.of(0, 1, 1),
    },
    curve: {
      x: Float32Array.of(-1, 0, 1),
      mean: Float32Array.of(0, 1, 0),
      low: Float32Array.of(-0.5, 0.5, -0.5),
      high: Float32Array.of(0.5, 1.5, 0.5),
      members: 3,
      pointsX: Float32Array.of(0),
      pointsY: Float32Array.of(1),
    },
    judged: {
      classNames: ['A', 'B', 'C'],
      confusion: [
        [90, 1, 0],
        [3, 80, 2],
        [0, 0, 70],
      ],
      calibration: {
        error: 0.1,
        bins: Array.from({length: 10}, (_, at) => ({count: at, confidence: at / 10, accuracy: at / 10})),
      },
      mistakes: ['A', 'a long name of a class'].map((label) => ({
        height: 2,
        width: 2,
        channels: 3,
        pixels: Uint8Array.from({length: 12}, (_, at) => 20 * at),
        label,
        guess: 'B',
        confidence: 0.9,
      })),
    },
  };

  const comparison = (): string => {
    const rows = names.map((name, at) =>
      row(name, 0.5 - 0.13 * at, at ? {againstBaseline: verdict(-0.1, 0.05)} : {}),
    );
    const table = {
      ...reportOf(rows),
      failures: [{name: 'cutout', seeds: 2, failure: '[cutout] not for numbers'}],
    };
    const runs = names.map((name) => ({
      name,
      histories: [history, history],
      evaluated: [{loss: 0.1, accuracy: 1}],
    }));
    const looks = names.slice(0, 2).map((name) => ({name, look}));
    const command = `lab compare --only ${names.join(',').replaceAll(' ', '')} --seeds 5 --out a/folder/of/results`;
    const recipes = names.map((name) => ({name, recipe: {name, seed: 1}, file: `${name}.json`, command}));
    return reportHtml({title: 'Regularizers on glyphs', parts: [{table, runs, looks}], recipes, command});
  };
  const search = (): string =>
    searchHtml(found, 'lab search --data glyphs --minutes 5', {
      file: 'winner.json',
      command: 'lab run winner.json',
    });

  it.each([
    ['comparison', comparison],
    ['search', search],
  ])('is read on a phone as it is, and breaks no rule of accessibility: a %s', async (_, htmlOf) => {
    const page = await visit();
    const broken: string[] = [];
    for (const look of looks) {
      await dress(page, look);
      await page.setContent(htmlOf());
      const folded = page.locator('details');
      if ((await folded.count()) > 0) await folded.first().locator('summary').click();
      const {overflow, small, wide} = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        small: [...document.querySelectorAll<SVGTextElement>('svg text')]
          .map((text) => Number.parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM()!.a)
          .filter((size) => size < 10.99),
        // Tables may be moved sideways; whoever looks at a picture sees all of it.
        wide: [...document.querySelectorAll('svg')].filter(
          (svg) => svg.getBoundingClientRect().right > document.documentElement.clientWidth,
        ).length,
      }));
      const where = `${look.width} ${look.scheme}`;
      if (overflow > 0) broken.push(`${where}: wider than the screen by ${overflow} pixels`);
      if (small.length > 0) broken.push(`${where}: ${small.length} texts of ${Math.min(...small)} pixels`);
      if (wide > 0) broken.push(`${where}: ${wide} pictures are cut off`);
      broken.push(...(await violationsOn(page)).map((one) => `${where}: ${one}`));
    }
    await page.close();
    expect(broken).toEqual([]);
  });
});

describe('by keyboard alone', () => {
  it.each([1440, 390])(
    'goes through all of it in its order, marked and in sight, %d pixels wide',
    async (width) => {
      const page = await visit();
      await dress(page, {width, scheme: 'light'});
      await openRecipe(page, served.origin, {...tiny, epochs: 2});
      await page.getByLabel('Trains on').selectOption('cpu');
      await press(page, 'Train');
      await page.locator('tr[data-run="1"] [data-cell="error"]').waitFor();
      await page.reload();
      await page.locator('tr[data-run="1"]').waitFor();
      await page.locator('.misfits').waitFor(); // the last that comes by itself
      const walked: Focused[] = [];
      for (let step = 0; ; step++) {
        await page.keyboard.press('Tab');
        const now = await focused(page);
        if (now.place < 0 || step > now.of) break; // behind the last is the browser
        walked.push(now);
      }
      await page.close();
      expect(walked.length).toBe(walked[0]?.of);
      expect(walked.map(({place}) => place)).toEqual(walked.map((_, index) => index));
      expect(walked.filter(({isMarked}) => !isMarked).map(({name}) => name)).toEqual([]);
      expect(
        walked.filter(({coveredBy}) => coveredBy).map(({name, coveredBy}) => `${name}: ${coveredBy}`),
      ).toEqual([]);
    },
  );

  it('chooses data, adds and sets a regularizer, trains, stops, pins, removes and takes it back', async () => {
    const page = await visit();
    await openRecipe(page, served.origin, {...tiny, regularizers: []});
    const {keyboard} = page;
    const tabTo = (name: string, key?: string): Promise<void> => tabOn(page, name, key);
    const hasFocus = async (name: string): Promise<void> =>
      expect.poll(async () => (await focused(page)).name, {timeout: patience}).toBe(name);
    await tabTo('Data set');
    await keyboard.type('Circles');
    await isReady(page);
    expect(await page.getByLabel('Data set').inputValue()).toBe('circles');
    await tabTo('Regularizer to add');
    await keyboard.type('Dropout');
    await tabTo('Add');
    await keyboard.press('Enter');
    await page.getByRole('group', {name: 'Dropout'}).waitFor();
    await hasFocus('Add');
    await tabTo('Rate', 'Shift+Tab');
    await keyboard.press('Control+a');
    await keyboard.type('0.3');
    await tabTo('Trains on');
    await keyboard.type('plain');
    await isReady(page);
    await tabTo('Train');
    await keyboard.press('Space');
    await page.locator('tr[data-run="1"] [data-cell="error"]').waitFor();
    await hasFocus('Train');
    await tabTo('Pin dropout as the baseline');
    await keyboard.press('Enter');
    await page.getByRole('button', {name: 'Pin dropout as the baseline', pressed: true}).waitFor();
    await tabTo('Epochs', 'Shift+Tab');
    await keyboard.press('Control+a');
    await keyboard.type('100000');
    await tabTo('Train');
    await isReady(page);
    await keyboard.press('Enter');
    await page.getByText(/^Epoch \d+ of 100000/).waitFor();
    await hasFocus('Stop');
    await keyboard.press('Enter');
    await page.locator('tr[data-run="2"]').getByText('stopped').waitFor();
    await hasFocus('Train');
    await tabTo('Remove dropout');
    await keyboard.press('Enter');
    await page.locator('tr[data-run="2"]').waitFor({state: 'detached'});
    expect((await focused(page)).place).toBeGreaterThanOrEqual(0);
    await keyboard.press('Control+z');
    await page.locator('tr[data-run="2"]').waitFor();
    await page.close();
  });
});

it('holds nobody up and keeps its size, however long it trains', async () => {
  const page = await visit();
  await openRecipe(page, served.origin, {...tiny, epochs: 100_000});
  await page.getByLabel('Trains on').selectOption('cpu');
  await press(page, 'Train');
  // Hundreds of epochs a second: what grows with them grows here.
  await page.getByText(/^Epoch \d{3,} of/).waitFor();
  const before = await heapOf(page);
  const {longestTask, tasks} = await watchTasks(browser, page, () => page.waitForTimeout(30_000));
  expect(tasks).toBeGreaterThan(100);
  expect(longestTask).toBeLessThan(200);
  expect((await heapOf(page)) - before).toBeLessThan(4); // megabytes
  const {longestTask: atEnd} = await watchTasks(browser, page, async () => {
    await press(page, 'Stop');
    await page.locator('tr[data-run="1"]').waitFor();
  });
  expect(atEnd).toBeLessThan(200);
  await page.close();
});

describe('without a network', () => {
  it('opens and trains after one visit, and is never an old one where there is a network', async () => {
    const page = await visit();
    const kept = (): Promise<string[]> => page.evaluate(() => caches.keys());
    await page.goto(`${served.origin}/#lab`);
    await isReady(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect.poll(kept, {timeout: patience}).toHaveLength(1);
    const [first] = await kept();

    const {origin} = served;
    await served.close();
    await page.reload();
    await isReady(page);
    await page.getByLabel('Epochs', {exact: true}).fill('2');
    for (const [count, backend] of (['cpu', 'wasm'] as const).entries()) {
      await page.getByLabel('Seed', {exact: true}).fill(String(count));
      await page.getByLabel('Trains on').selectOption(backend);
      await isReady(page);
      await press(page, 'Train');
      await expect
        .poll(() => page.locator('[data-label="Seeds"]').textContent(), {timeout: patience})
        .toBe(count === 0 ? '1 (0)' : '2');
    }

    // A version with another title, at the same address.
    const [title, script] = ['index.html', 'offline.js'].map((name) => join(folder, name)) as [
      string,
      string,
    ];
    const text = await readFile(title, 'utf8');
    await writeFile(title, text.replace('<title>', '<title>New: '));
    await writeFile(script, (await readFile(script, 'utf8')).replace(/"version":"\w+"/, '"version":"new"'));
    served = await serveFolder(folder, Number(new URL(origin).port));
    // Not at once on a machine where a kilobyte takes seconds.
    const reloaded = (): Promise<string> => page.reload().then(() => page.title());
    await expect.poll(reloaded, {timeout: patience}).toMatch(/^New: /);
    await expect.poll(kept, {timeout: patience}).toEqual([first, first!.replace(/\w+$/, 'new')]);
    // Whole, and in charge.
    const settled = (): Promise<boolean> =>
      page.evaluate(async () => {
        const {installing, waiting, active} = (await navigator.serviceWorker.getRegistration())!;
        return !installing && !waiting && active?.state === 'activated';
      });
    await expect.poll(settled, {timeout: patience}).toBe(true);
    await served.close();
    await page.reload();
    expect(await page.title()).toMatch(/^New: /);
    await isReady(page);
    await page.close();
    served = await serveFolder(folder);
  });
});
