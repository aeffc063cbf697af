// The site as it is built and served: every page fits a phone, links lead somewhere, search finds, examples open in the lab.
import {execFile} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import type {AddressInfo} from 'node:net';
import {join, posix} from 'node:path';
import * as process from 'node:process';
import {promisify} from 'node:util';
import type {Browser, BrowserContext, Page} from 'playwright-core';
import {type PreviewServer, preview} from 'vite';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {isThorough} from '../../../packages/testing/src/thorough.ts';
import {openChromium} from '../../../vitest/chromium.ts';
import {app, pagesFolder, repositoryUrl, root, siteFolder} from '../src/places.ts';
import {siteTechniques} from '../src/techniques/all.ts';
import {plainFormula} from '../src/techniques/write.ts';

let server: PreviewServer;
let browser: Browser;
let origin: string;
let files: readonly string[];

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(app, 'scripts', 'build.mjs')], {cwd: root});
  server = await preview({
    configFile: false,
    root: app,
    appType: 'mpa',
    logLevel: 'silent',
    build: {outDir: 'dist'},
    preview: {host: '127.0.0.1', port: 0},
  });
  origin = `http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}`;
  browser = await openChromium();
  files = (readdirSync(siteFolder, {recursive: true}) as string[])
    .filter((file) => file.endsWith('.html') && !file.startsWith('lab'))
    .toSorted();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const phone = {width: 390, height: 844};
const desktop = {width: 1280, height: 800};

/** A tab whose complaints are kept: what it says on the console, and what it asks other hosts for. */
async function open(context: BrowserContext): Promise<{readonly page: Page; readonly complaints: string[]}> {
  const page = await context.newPage();
  page.setDefaultTimeout(50_000);
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !url.startsWith(`${origin}/`)) complaints.push(`asked for ${url}`);
  });
  return {page, complaints};
}

const isWider = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe('every page', () => {
  test('there are pages of guides, of all techniques, and of what is exported', () => {
    const pages = siteTechniques.map(({address}) => `${address.slice(1)}.html`);
    expect(pages.filter((page) => !files.includes(page))).toEqual([]);
    expect(files.filter((file) => file.startsWith('guides/')).length).toBeGreaterThan(14);
    expect(files.filter((file) => file.startsWith('reference/')).length).toBeGreaterThan(600);
  });

  // Pages of one kind are of one make: a few of each do, but where the suites are to be thorough.
  const isChosen = (file: string, index: number): boolean => {
    if (isThorough) return true;
    if (file.startsWith('guides/') || !file.includes('/') || file.endsWith('index.html')) return true;
    return index % (file.startsWith('techniques/') ? 8 : 60) === 0;
  };

  /** Opens files one after another in a few tabs. */
  async function openEach(
    context: BrowserContext,
    chosen: readonly string[],
    look: (page: Page, file: string) => Promise<void>,
  ): Promise<readonly string[]> {
    const left = [...chosen];
    const tabs = await Promise.all(
      Array.from({length: 2}, async () => {
        const {page, complaints} = await open(context);
        for (let file = left.shift(); file !== undefined; file = left.shift()) {
          await page.goto(`${origin}/${file}`, {waitUntil: 'load'});
          await look(page, file);
        }
        return complaints;
      }),
    );
    await context.close();
    return tabs.flat();
  }

  // What is wide is so by HTML and styles: without its scripts a page is there in a tenth of the time.
  test.each([
    ['phone', phone],
    ['desktop', desktop],
  ])(
    'fits a %s',
    async (_, viewport) => {
      const wide: string[] = [];
      const context = await browser.newContext({viewport, javaScriptEnabled: false});
      await openEach(context, files.filter(isChosen), async (page, file) => {
        if (await isWider(page)) wide.push(file);
      });
      expect(wide).toEqual([]);
    },
    1_200_000,
  );

  test('of any kind runs, fits, says nothing on the console and asks no other host', async () => {
    const kinds = [
      'index.html',
      'guides/data.html',
      'techniques/index.html',
      'techniques/dropout/index.html',
      'techniques/augmentation/mixup.html',
      'reference/index.html',
      'reference/core/index.html',
      'reference/core/functions/createTrainer.html',
      'reference/core/interfaces/Regularizer.html',
      'decisions/index.html',
    ];
    expect(kinds.filter((file) => !files.includes(file))).toEqual([]);
    const wide: string[] = [];
    const context = await browser.newContext({viewport: phone});
    const complaints = await openEach(context, kinds, async (page, file) => {
      for (const viewport of [phone, desktop]) {
        await page.setViewportSize(viewport);
        if (await isWider(page)) wide.push(`${file} at ${viewport.width}`);
      }
    });
    expect(wide).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('of a technique sets its formula as maths, and does not say it again in plain text', () => {
    for (const {address} of siteTechniques) {
      const page = readFileSync(join(pagesFolder, `${address.slice(1)}.md`), 'utf8');
      const [, detail = ''] = /\n## In detail\n([\s\S]*?)\n## /.exec(page) ?? [];
      expect(
        detail.split('\n\n').filter((paragraph) => plainFormula.test(paragraph.trim())),
        address,
      ).toEqual([]);
    }
  });
});

describe('links', () => {
  const idsOf = new Map<string, ReadonlySet<string>>();
  const ids = (file: string): ReadonlySet<string> => {
    const known = idsOf.get(file);
    if (known) return known;
    const found = new Set(
      [...readFileSync(join(siteFolder, file), 'utf8').matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!),
    );
    idsOf.set(file, found);
    return found;
  };

  /** Why a link leads nowhere; undefined where it leads somewhere. */
  function broken(from: string, link: string): string | undefined {
    const [address = '', anchor] = link.split('#') as [string, string?];
    if (/^(https?|mailto):/.test(address)) return brokenElsewhere(address);
    if (address === '' && anchor === '') return undefined;
    const target = address === '' ? from : resolved(from, address);
    if (target === undefined) return `${address} is not there`;
    if (anchor === undefined || target.startsWith('lab/') || !target.endsWith('.html')) return undefined;
    return ids(target).has(decodeURIComponent(anchor)) ? undefined : `${target} has no #${anchor}`;
  }

  function resolved(from: string, address: string): string | undefined {
    const path = decodeURIComponent(
      address.startsWith('/') ? address.slice(1) : posix.join(posix.dirname(from), address),
    );
    const tried = [path, `${path}.html`, posix.join(path, 'index.html')];
    return tried.find((each) => /\.\w+$/.test(each) && existsSync(join(siteFolder, each)));
  }

  /** Of the repository, what is linked to is in it; of others, that it is an address. */
  function brokenElsewhere(address: string): string | undefined {
    if (!address.startsWith(repositoryUrl())) return URL.canParse(address) ? undefined : `${address} is none`;
    const path = address.slice(repositoryUrl().length).replace(/^\/(blob|tree)\/main\//, '');
    return existsSync(join(root, decodeURIComponent(path))) ? undefined : `${path} is not in the repository`;
  }

  test('all lead somewhere, to the place within the page', () => {
    const failures = new Set<string>();
    let count = 0;
    for (const file of files) {
      const html = readFileSync(join(siteFolder, file), 'utf8');
      for (const [, link] of html.matchAll(/<a [^>]*?href="([^"]*)"/g)) {
        count += 1;
        const why = broken(file, link!.replaceAll('&amp;', '&'));
        if (why !== undefined) failures.add(`${file}: ${why}`);
      }
    }
    expect([...failures]).toEqual([]);
    expect(count).toBeGreaterThan(10_000);
  });
});

describe('a reader', () => {
  test('searches, and finds what it is about', async () => {
    const context = await browser.newContext({viewport: phone});
    const {page, complaints} = await open(context);
    await page.goto(`${origin}/`);
    for (const [words, wanted] of [
      ['label smoothing', 'techniques/noise/label-smoothing'],
      ['dataset', 'guides/data'],
      ['freeze', 'guides/transfer-learning'],
      ['install', '#install'],
      ['GraphModel', 'guides/transfer-learning'],
    ] as const) {
      await page.getByRole('button', {name: 'Search'}).click();
      await page.locator('#localsearch-input').fill(words);
      const found = page.locator(`.results .result[href*="${wanted}"]`).first();
      await found.waitFor();
      const addresses = await page
        .locator('.results .result')
        .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
      expect(
        addresses.slice(0, 6).filter((address) => address.includes(wanted)),
        words,
      ).not.toEqual([]);
      await found.click();
      await page.waitForURL((url) => url.href.includes(wanted));
    }
    await context.close();
    expect(complaints).toEqual([]);
  });

  test('opens an example in the lab, with its options in the form', async () => {
    const context = await browser.newContext({viewport: desktop});
    const {page, complaints} = await open(context);
    await page.goto(`${origin}/techniques/noise/label-smoothing.html`);
    await page.getByRole('link', {name: 'Open it in the lab'}).click();
    await page.getByText(/^Ready/).waitFor();
    expect(new URL(page.url()).pathname).toBe('/lab/index.html');
    expect(await page.getByLabel('Epsilon').first().inputValue()).toBe('0.1');
    await context.close();
    expect(complaints).toEqual([]);
  });

  test('goes from the landing page to the lab, to a family and to a guide', async () => {
    const context = await browser.newContext({viewport: desktop});
    const {page, complaints} = await open(context);
    for (const [name, path] of [
      ['Get started', '/guides/start-in-the-browser'],
      ['Open the lab', '/lab/index.html'],
      [/^Dropout/, '/techniques/dropout/'],
    ] as const) {
      await page.goto(`${origin}/`);
      await page.locator('.landing').getByRole('link', {name}).first().click();
      await page.waitForURL((url) => url.pathname.startsWith(path));
    }
    await page.goto(`${origin}/`);
    await page.locator('.landing').getByRole('link', {name: 'the last row'}).click();
    await page.getByText(/^Ready/).waitFor();
    await context.close();
    expect(complaints).toEqual([]);
  });

  test('reads by day and by night', async () => {
    for (const [colorScheme, isDark] of [
      ['light', false],
      ['dark', true],
    ] as const) {
      const context = await browser.newContext({viewport: desktop, colorScheme});
      const {page} = await open(context);
      await page.goto(`${origin}/guides/speed.html`);
      const shade = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const [red = 0] = shade.match(/\d+/g)!.map(Number);
      expect(red < 128).toBe(isDark);
      await context.close();
    }
  });
});
