import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Browser, Page} from 'playwright-core';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {lessons} from '../src/examples/lessons/index.ts';
import {parseRecipe} from '../src/recipe.ts';
import {type ServedPage, servePage} from './page.ts';

const tiny = {
  data: {name: 'moons', train: 60, validation: 50, test: 100},
  model: {name: 'mlp', hidden: [8]},
  epochs: 12,
  batchSize: 30,
  regularizers: [{name: 'dropout', rate: 0.1}],
};

let folder: string;
let served: ServedPage;
let browser: Browser;
let origin: string;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-page-'));
  served = await servePage(folder);
  ({browser, origin} = served);
});

afterAll(async () => {
  await served?.close();
  await rm(folder, {recursive: true, force: true});
});

beforeEach(async () => {
  complaints = [];
  page = await browser.newPage();
  page.setDefaultTimeout(50_000); // a busy machine renders WebGL slowly in software
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !url.startsWith(`${origin}/`)) complaints.push(`asked for ${url}`);
  });
});

afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

const open = (recipe: object): Promise<unknown> =>
  page.goto(`${origin}/#recipe=${encodeURIComponent(JSON.stringify(recipe))}`);

const button = (name: string) => page.getByRole('button', {name, exact: true});

/** Presses Train as soon as the recipe is found to be right; where nothing is to be measured first. */
async function train(backend: 'fastest' | 'cpu' | 'wasm' | 'webgl' = 'cpu'): Promise<void> {
  await page.getByText(/^Ready/).waitFor();
  await page.getByLabel('Trains on').selectOption(backend);
  await button('Train').click();
}

/** Waits until the training that is shown is so many epochs on. */
async function epochsPass(count: number): Promise<void> {
  const now = async (): Promise<number> =>
    Number(/^Epoch (\d+) of/.exec((await page.getByText(/^Epoch \d+ of/).textContent())!)![1]);
  const from = await now();
  await expect.poll(now, {timeout: 50_000}).toBeGreaterThanOrEqual(from + count);
}

describe('the page', () => {
  it('runs no script but its own', async () => {
    await open(tiny);
    await page.getByText(/^Ready/).waitFor();
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
      document.body.insertAdjacentHTML(
        'beforeend',
        '<img src="data:," onerror="globalThis.injected = true">',
      );
      return new Promise((resolve) => {
        setTimeout(() => resolve('injected' in globalThis), 100);
      });
    });
    expect(ran).toBe(false);
    expect(complaints.splice(0).join()).toMatch(/Content Security Policy/);
  });

  it('trains in a worker, stays responsive, and shows the curves and what came of it', async () => {
    await open({...tiny, epochs: 120});
    await page.getByText('60 to train on').waitFor();
    expect(await page.locator('#explain').textContent()).toMatch(/activation +dropout/);
    // An empty page beside it says how much of the waiting is the machine's.
    const empty = await browser.newPage();
    const watchGaps = (): void => {
      const gaps: number[] = [];
      let last = performance.now();
      setInterval(() => {
        gaps.push(performance.now() - last);
        last = performance.now();
      }, 20);
      Object.assign(globalThis, {gaps});
    };
    for (const one of [page, empty]) await one.evaluate(watchGaps);
    await train('fastest');
    const row = page.locator('tr[data-run="1"]');
    await row.waitFor();
    expect(await row.locator('[data-cell="error"]').textContent()).toMatch(/^\d+\.\d\d %$/);
    expect(await page.locator('[data-readout="loss"]').textContent()).toMatch(
      /^Epoch 120: train [\d.]+, validation [\d.]+$/,
    );
    expect(await page.locator('.backend').textContent()).toMatch(/^(WebGL|WebAssembly|plain JavaScript)/);
    await page.getByText(/^Measured for this model: .* steps a second/).waitFor();
    expect(await inkOf('error')).toBeGreaterThan(100);
    // The longest but one in a hundred, since a busy machine may hold up any page for a moment.
    const longest = async (one: Page): Promise<number> => {
      const gaps = await one.evaluate(() => (globalThis as unknown as {gaps: number[]}).gaps);
      return gaps.toSorted((a, b) => b - a)[Math.floor(gaps.length / 100)]!;
    };
    expect(await longest(page)).toBeLessThan(250 + 2 * (await longest(empty)));
    await empty.close();
  });

  it('warns before it is left while training, stops a run, keeps what it had, and draws the next one over it', async () => {
    await open({...tiny, epochs: 100_000});
    await train();
    await page.getByText(/^Epoch \d+ of 100000/).waitFor();
    const [dialog] = await Promise.all([
      page.waitForEvent('dialog'),
      page.evaluate(() => void setTimeout(() => location.reload())),
    ]);
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    const seed = page.getByLabel('Seed', {exact: true});
    await seed.pressSequentially('12', {delay: 200});
    expect(await seed.inputValue()).toBe('012'); // news of the run don't disturb what is being typed
    await seed.blur();
    const drag = page.locator('.card input[type=range]').first();
    const left = await drag.evaluate((element: HTMLInputElement) => {
      element.value = '900';
      element.dispatchEvent(new Event('input', {bubbles: true}));
      return element.value;
    });
    await epochsPass(2);
    expect(await drag.inputValue()).toBe(left); // nor what is being dragged
    await button('Stop').click();
    await page.locator('tr[data-run="1"]').getByText('stopped').waitFor();
    await page.getByLabel('Epochs', {exact: true}).fill('3');
    await page.getByRole('checkbox', {name: 'Dropout', exact: true}).uncheck();
    await train();
    const row = page.locator('tr[data-run="2"]');
    await row.waitFor();
    expect(await row.textContent()).toContain('no regularizer');
  });

  it('keeps the focus where it was, or near it, whatever goes', async () => {
    const focused = (): Promise<string> =>
      page.evaluate(
        () =>
          document.activeElement?.getAttribute('aria-label') ?? document.activeElement!.textContent!.trim(),
      );
    await open({
      ...tiny,
      epochs: 100_000,
      regularizers: [...tiny.regularizers, {name: 'l2', strength: 1e-3}],
    });
    await page.getByText(/^Ready/).waitFor();
    await page.getByLabel('Trains on').selectOption('cpu');
    await button('Train').focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^Epoch \d+ of 100000/).waitFor();
    expect(await focused()).toBe('Stop');
    await page.keyboard.press('Enter');
    await page.locator('tr[data-run="1"]').getByText('stopped').waitFor();
    expect(await focused()).toBe('Train');
    await button('Move L2 penalty up').focus();
    await page.keyboard.press('Enter');
    await page.locator('.card').first().getByText('L2 penalty').waitFor();
    expect(await focused()).toBe('Move L2 penalty up');
    for (const name of ['Remove L2 penalty', 'Remove Dropout', 'Remove dropout + l2']) {
      await button(name).focus();
      await page.keyboard.press('Enter');
      await button(name).waitFor({state: 'detached'});
      expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);
    }
  });

  it('keeps runs over a reload, a row for all seeds, and takes back what was removed', async () => {
    await open({...tiny, epochs: 20});
    await page.getByText(/^Ready/).waitFor();
    await page.getByLabel('Trains on').selectOption('cpu');
    await button('Train with 5 seeds more').click();
    const row = page.locator('tr[data-run="1"]');
    await row.locator('[data-label="Seeds"]').getByText('5', {exact: true}).waitFor();
    expect(await row.locator('[data-cell="error"]').textContent()).toMatch(/^\d+\.\d\d ± \d+\.\d\d %$/);
    await page.reload();
    await row.locator('[data-label="Seeds"]').getByText('5', {exact: true}).waitFor();
    await page.getByText(/^Ready/).waitFor();
    await row.hover();
    await page.locator('tr.lit').waitFor();
    await button('Remove dropout').click();
    await row.waitFor({state: 'detached'});
    await page.keyboard.press('Control+z');
    await row.locator('[data-label="Seeds"]').getByText('5', {exact: true}).waitFor();
    await page.getByLabel('Epochs', {exact: true}).fill('7');
    await page.getByLabel('Epochs', {exact: true}).blur();
    await page.getByRole('button', {name: /^Undo/}).click();
    await expect
      .poll(() => page.getByLabel('Epochs', {exact: true}).inputValue(), {timeout: 20_000})
      .toBe('20');
  });

  it('shows a lesson that has been trained already, and trains its pair with another number', async () => {
    await page.goto(`${origin}/`);
    await page.getByRole('heading', {level: 2}).waitFor();
    await page.locator('.pictures svg').first().waitFor();
    const strip = page.getByRole('navigation', {name: 'Lessons'});
    const names = await strip.getByRole('link').allTextContents();
    expect(names).toHaveLength(lessons.length + 1);
    expect(await strip.locator('[aria-current="page"]').textContent()).toBe(names[0]);
    expect(await page.getByRole('button', {name: 'Train', exact: true}).isVisible()).toBe(false);
    const {slider} = await lessons[0]!.load();
    const measured = (): Promise<readonly string[]> =>
      page.locator('.numbers [data-label="Measured"]').allTextContents();
    const before = await measured();
    const value = page.getByLabel(slider.label, {exact: true});
    const pressed = page.getByRole('button', {name: 'Train both'});
    await value.fill(String(2 * slider.max));
    await value.blur();
    await page.getByText(`must be in [${slider.min}, ${slider.max}]`).waitFor();
    await value.and(page.locator('[aria-invalid="true"]')).waitFor();
    expect(await pressed.isDisabled()).toBe(true);
    await value.fill(String(slider.max));
    await value.blur();
    await page.getByText(`Train both to see ${slider.max}`).waitFor();
    await pressed.click();
    await value.fill(String(slider.min));
    await page.getByText(`Trained with ${slider.max}.`, {exact: true}).waitFor();
    expect(await value.inputValue()).toBe(String(slider.min)); // what is being typed stays
    await value.fill(String(slider.max));
    expect(await measured()).not.toEqual(before);
    await page
      .locator('.verdict')
      .getByText(/^The claim holds/)
      .waitFor();
    await button('Open in the lab').click();
    await page.locator('tr[data-run="2"] [data-cell="error"]').waitFor();
    expect(await page.evaluate(() => location.hash)).toMatch(/^#recipe=/);
    expect(await strip.locator('[aria-current="page"]').textContent()).toBe('Lab');
  });

  it('takes a keyboard alone through a lesson, and says what came of it', async () => {
    await page.goto(`${origin}/`);
    await page.locator('.pictures svg').first().waitFor();
    const {load} = lessons.find((one) => one.name === 'early-stopping')!;
    const {title, slider} = await load();
    /** Goes on with the tab key to what has a name, as somebody does who sees where the focus is. */
    const tabTo = async (name: string): Promise<void> => {
      const names: (string | null)[] = [];
      while (names.at(-1) !== name) {
        expect(names.length, names.join(', ')).toBeLessThan(40);
        await page.keyboard.press('Tab');
        names.push(
          await page.evaluate(() => {
            const {activeElement: at} = document;
            const ring = getComputedStyle(at!).outlineStyle;
            if (at !== document.body && ring === 'none') return 'something whose focus is not to be seen';
            const [labelled] = (at as HTMLInputElement).labels ?? [];
            return at!.getAttribute('aria-label') ?? (labelled ?? at)!.textContent!.trim();
          }),
        );
      }
    };
    await tabTo('Early stopping');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', {level: 2, name: title}).waitFor();
    await tabTo(`${slider.label}, on a slider`);
    const shown = page.locator('#lesson-value');
    await page.keyboard.press('End');
    await expect.poll(() => shown.inputValue(), {timeout: 20_000}).toBe(String(slider.max));
    await tabTo(slider.label);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('2');
    await tabTo('Train both');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText(`${title}: trained with 2. The claim holds`).waitFor();
    // The focus is where it was, so that it can be pressed again.
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Train both');
    await tabTo('Open in the lab');
    await page.keyboard.press('Enter');
    await page.locator('tr[data-run="2"] [data-cell="error"]').waitFor();
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);
  });

  it('has an address for every lesson, and each shows what it came to', async () => {
    for (const {name, load} of lessons) {
      await page.goto(`${origin}/#lesson=${name}`);
      const {title, sources} = await load();
      await page.getByRole('heading', {level: 2, name: title}).waitFor();
      await page
        .locator('.verdict')
        .getByText(/^The claim holds/)
        .waitFor();
      expect(await page.locator('.pictures svg').count(), name).toBeGreaterThan(0);
      expect(await page.locator('.sources li').count(), name).toBe(sources.length);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(tooWide, name).toBe(false);
    }
    await page.evaluate(() => {
      location.hash = 'lesson=nothing';
    });
    await page.getByRole('alert').getByText('there is no lesson "nothing"').waitFor();
    await page.getByRole('link', {name: 'Lab'}).click();
    await page.getByText(/^Ready/).waitFor();
  });

  it('lets a digit be drawn, by pointer and by keys, and both models answer', async () => {
    const digits = {data: {name: 'digits'}, model: {name: 'mlp', hidden: [16]}, epochs: 3};
    const retrained = async (row: string): Promise<void> => {
      await train();
      await page.locator(`tr[data-run="${row}"] [data-cell="error"]`).waitFor();
    };
    await open(digits);
    await retrained('1');
    await page.evaluate(
      (recipe) => {
        location.hash = `recipe=${encodeURIComponent(JSON.stringify(recipe))}`;
      },
      {
        ...digits,
        regularizers: [
          {name: 'l2', strength: 1e-3},
          {name: 'dropout', rate: 0.5},
        ],
      },
    );
    await page.getByRole('group', {name: 'Dropout'}).waitFor();
    await retrained('2');
    await page.getByRole('img', {name: /^dropout keeps [45]\d % at hidden/}).waitFor();
    await page.getByRole('img', {name: /^What penalties add to the loss. In epoch 3/}).waitFor();
    const pad = page.getByRole('application', {name: 'Drawing pad'});
    const answers = page.locator('.answers .bars');
    expect(await answers.count()).toBe(0);
    await pad.click({position: {x: 100, y: 30}});
    await page.mouse.down();
    await page.mouse.move(0, 160, {steps: 4});
    await page.mouse.up();
    await expect.poll(() => answers.count(), {timeout: 20_000}).toBe(2);
    const read = (): Promise<readonly string[]> => answers.allTextContents();
    const before = await read();
    await button('Clear').click();
    await expect.poll(() => answers.count(), {timeout: 20_000}).toBe(0);
    await pad.focus();
    for (const key of ['Space', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowRight', 'Space']) {
      await page.keyboard.press(key);
    }
    await expect.poll(() => answers.count(), {timeout: 20_000}).toBe(2);
    expect(await read()).not.toEqual(before);
    expect((await read())[0]).toMatch(/\d+ %/);
  });

  it('says of MNIST that is not there what is wrong, and ticks nothing', async () => {
    await open({...tiny, data: {name: 'mnist'}});
    await page.getByRole('alert').getByText('is not chosen yet').waitFor();
    await button('Fetch').click();
    await page.getByRole('alert').getByText('has no train-images-idx3-ubyte').waitFor();
    expect(await page.locator('.found .here').count()).toBe(0);
    expect(await page.locator('.found').textContent()).not.toContain('✓');
    complaints = complaints.filter((one) => !/404/.test(one));
  });

  it('exports the recipe that the command line reads, and imports it again', async () => {
    await open(tiny);
    await page.getByLabel('Regularizer to add').selectOption('labelSmoothing');
    await button('Add').click();
    await page.getByLabel('Epsilon').fill('0.2');
    const [download] = await Promise.all([page.waitForEvent('download'), button('Export').click()]);
    expect(download.suggestedFilename()).toBe('recipe.json');
    const path = await download.path();
    const recipe = parseRecipe(JSON.parse(await readFile(path, 'utf8')));
    expect(recipe.regularizers).toEqual([
      {name: 'dropout', rate: 0.1},
      {name: 'labelSmoothing', epsilon: 0.2},
    ]);
    expect(recipe.data).toMatchObject(tiny.data);
    await page.getByLabel('Data set').selectOption('glyphs');
    await page.getByLabel('Import …').setInputFiles(path);
    await page.getByText('60 to train on').waitFor();
    expect(await page.getByLabel('Epsilon').inputValue()).toBe('0.2');
  });

  it('says what is wrong beside the control, and trains nothing', async () => {
    await open(tiny);
    const rate = page.getByRole('group', {name: 'Dropout'}).getByLabel('Rate');
    await rate.fill('1.2');
    await rate.blur();
    await page.getByRole('alert').getByText('rate must be in [0, 1); received 1.2').waitFor();
    // The page draws the message and the control one after the other.
    const wrong = page.locator('[aria-invalid="true"]');
    await rate.and(wrong).waitFor();
    expect(await button('Train').isDisabled()).toBe(true);
    await rate.fill('0.2');
    await rate.blur();
    await page.getByLabel('Architecture').selectOption('cnn');
    await page.getByRole('alert').getByText('this model needs pictures').waitFor();
    await page.getByLabel('Architecture').and(wrong).waitFor();
  });

  it.each(['wasm', 'cpu'] as const)('trains on %s where that is chosen', async (backend) => {
    await open(tiny);
    await train(backend);
    await page.locator('tr[data-run="1"] [data-cell="error"]').waitFor();
    const name = {wasm: 'WebAssembly', cpu: 'plain JavaScript'}[backend];
    expect(await page.locator('.backend').textContent()).toBe(name);
  });

  it('says so when the browser takes the WebGL context away', async () => {
    await open({...tiny, epochs: 100_000});
    await train('webgl');
    await page.getByText(/^Epoch \d+ of 100000/).waitFor();
    const session = await browser.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess');
    await page.getByRole('alert').getByText('took the WebGL context away').waitFor();
    await page.getByText(/^Ready/).waitFor();
    complaints = []; // tfjs and the browser say what they think of it
  });
});

/** How many pixels of a chart's canvas have the colour of the first run. */
function inkOf(chart: string): Promise<number> {
  return page.evaluate((name) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`[data-chart="${name}"] canvas`)!;
    const colour = getComputedStyle(document.documentElement).getPropertyValue('--run-0').trim();
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    const {data} = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const isLike = [red!, green!, blue!].every(
        (value, channel) => Math.abs(value - data[at + channel]!) < 40,
      );
      if (isLike && data[at + 3]! > 128) count++;
    }
    return count;
  }, chart);
}
