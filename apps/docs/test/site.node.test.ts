// The site as it is built and served: every page fits a phone, links lead somewhere, search finds, examples open in the lab.
import {execFile} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {join, posix} from 'node:path';
import * as process from 'node:process';
import {promisify} from 'node:util';
import type {AxeResults} from 'axe-core';
import type {Browser, BrowserContext, Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, inject, test} from 'vitest';
import {isThorough} from '../../../packages/testing/src/thorough.ts';
import {openChromium} from '../../../vitest/chromium.ts';
import {type Served, serveFolder} from '../../../vitest/served-folder.ts';
import type {Navigation} from '../src/build.ts';
import {app, pagesFolder, repositoryUrl, root, siteFolder} from '../src/places.ts';
import {siteTechniques} from '../src/techniques/all.ts';
import {plainFormula} from '../src/techniques/write.ts';
import {findWide} from './frames.ts';
import {siteSearch} from './search.ts';

let served: Served;
let browser: Browser;
/** Pages that were built, the lab's apart, by their paths; and all that the whole site serves. */
let files: readonly string[];
let all: ReadonlySet<string>;

beforeAll(async () => {
  const sample = isThorough ? [] : ['--sample', String(inject('seed'))];
  await promisify(execFile)(process.execPath, [join(app, 'scripts', 'build.mjs'), ...sample], {cwd: root});
  [served, browser] = await Promise.all([serveFolder(siteFolder), openChromium()]);
  const built = readdirSync(siteFolder, {recursive: true}) as string[];
  files = built.filter((file) => file.endsWith('.html') && !file.startsWith('lab')).toSorted();
  const {leftOut} = JSON.parse(readFileSync(join(pagesFolder, 'navigation.json'), 'utf8')) as Navigation;
  all = new Set([...built, ...leftOut.map((path) => path.replace(/md$/, 'html'))]);
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await served?.close();
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
    if (!/^(data|blob):/.test(url) && !url.startsWith(`${served.origin}/`)) {
      complaints.push(`asked for ${url}`);
    }
  });
  return {page, complaints};
}

/** A page of each kind that there is. */
function kinds(): readonly string[] {
  const byHand = [
    '404.html',
    'index.html',
    'guides/data.html',
    'guides/benchmarks.html',
    'guides/lessons.html',
    'techniques/index.html',
    'techniques/dropout/index.html',
    'techniques/augmentation/mixup.html',
    'reference/index.html',
    'reference/core/index.html',
    'decisions/index.html',
  ];
  const ofTypedoc = ['functions', 'interfaces', 'type-aliases', 'variables'].map((kind) =>
    files.find((file) => file.startsWith(`reference/core/${kind}/`)),
  );
  return [...byHand, ...ofTypedoc.map((file) => file ?? 'a page of each kind of export')];
}

describe('every page', () => {
  test('there are pages of guides, of all techniques, and of what is exported', () => {
    const pages = siteTechniques.map(({address}) => `${address.slice(1)}.html`);
    expect([...kinds(), ...pages].filter((page) => !files.includes(page))).toEqual([]);
    expect(files.filter((file) => file.startsWith('guides/')).length).toBeGreaterThan(14);
    expect([...all].filter((file) => /^reference\/.*\.html$/.test(file)).length).toBeGreaterThan(600);
  });

  test('fits a phone and a desktop', async () => {
    // Guides and lists have what only they have; of pages of one make a third is tried, but where suites are to be thorough.
    const seed = inject('seed');
    const isChosen = (file: string, index: number): boolean =>
      isThorough || /^guides\/|index\.html$/.test(file) || kinds().includes(file) || index % 3 === seed % 3;
    const widths = [phone.width, desktop.width];
    expect(await findWide(browser, served.origin, files.filter(isChosen), widths)).toEqual([]);
    // Nothing fits a thumb: what is too wide is found.
    const [first] = files;
    expect(await findWide(browser, served.origin, [first!], [20])).toEqual([`${first} at 20`]);
  }, 1_200_000);

  test('of any kind is for everybody by day and by night, says nothing on the console and asks no other host', async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const context = await browser.newContext({viewport: phone});
    const left = [...kinds()];
    const inTab = async (): Promise<readonly string[]> => {
      const {page, complaints} = await open(context);
      for (let file = left.shift(); file !== undefined; file = left.shift()) {
        await page.goto(`${served.origin}/${file}`);
        await page.evaluate(axe);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
          const dark = colorScheme === 'dark';
          await page.waitForFunction(
            (on) => document.documentElement.classList.contains('dark') === on,
            dark,
          );
          // At night colours alone are others. VitePress's own list has links within buttons.
          const violations = await page.evaluate(
            (rules) =>
              (
                globalThis as unknown as {axe: {run(root: Document, options: object): Promise<AxeResults>}}
              ).axe
                .run(document, {runOnly: rules, rules: {'nested-interactive': {enabled: false}}})
                .then((found) =>
                  found.violations.flatMap(({id, nodes}) =>
                    nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`),
                  ),
                ),
            dark ? ['color-contrast'] : ['wcag2a', 'wcag2aa'],
          );
          complaints.push(...violations.map((each) => `${file}, ${colorScheme}: ${each}`));
        }
      }
      return complaints;
    };
    const complaints = (await Promise.all([inTab(), inTab()])).flat();
    await context.close();
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
    return tried.find((each) => /\.\w+$/.test(each) && all.has(each));
  }

  /** Of the repository, what is linked to is in it; of others, that it is an address. */
  function brokenElsewhere(address: string): string | undefined {
    if (!address.startsWith(repositoryUrl())) return URL.canParse(address) ? undefined : `${address} is none`;
    const path = address.slice(repositoryUrl().length).replace(/^\/(blob|tree)\/main\//, '');
    return existsSync(join(root, decodeURIComponent(path))) ? undefined : `${path} is not in the repository`;
  }

  test('all lead somewhere, to the place within the page', () => {
    const failures = new Set<string>();
    const known = new Map<string, string | undefined>();
    let count = 0;
    for (const file of files) {
      const html = readFileSync(join(siteFolder, file), 'utf8');
      const links = [...html.matchAll(/<a [^>]*?href="([^"]*)"/g)].map(([, link]) => link!);
      count += links.length;
      for (const link of new Set(links)) {
        // Most are those of the lists beside the pages, which begin at the root.
        const key = /^(\/|https?:)/.test(link) ? link : `${file} ${link}`;
        if (!known.has(key)) known.set(key, broken(file, link.replaceAll('&amp;', '&')));
        const why = known.get(key);
        if (why !== undefined) failures.add(`${file}: ${why}`);
      }
    }
    expect([...failures]).toEqual([]);
    expect(count).toBeGreaterThan(10_000);
  });
});

describe('a reader', () => {
  const searches: readonly (readonly [words: string, wanted: string])[] = [
    ['label smoothing', 'techniques/noise/label-smoothing'],
    ['dataset', 'guides/data'],
    ['freeze', 'guides/transfer-learning'],
    ['install', '#install'],
    ['GraphModel', 'guides/transfer-learning'],
    ['overfit', 'guides/which-regularizer'],
    ['early stop', 'techniques/early-stopping'],
    ['weight decay', 'techniques/l2/weight-decay'],
    ['checkpoint', 'guides/checkpoints'],
    ['seed', 'guides/reproducibility'],
    // Its page may not be in a sample.
    ...(isThorough ? [['createTrainer', 'reference/core/functions/createTrainer'] as const] : []),
    ['csv', 'guides/your-data'],
  ];
  test.each(searches)('who searches for "%s" finds it', async (words, wanted) => {
    const found = (await siteSearch())(words).slice(0, 6);
    expect(found.filter((address) => address.includes(wanted)).length, found.join('\n')).toBeGreaterThan(0);
  });

  test('searches on a phone, and is told where there is nothing', async () => {
    const context = await browser.newContext({viewport: phone});
    const {page, complaints} = await open(context);
    await page.goto(`${served.origin}/`);
    await page.getByRole('button', {name: 'Search'}).click();
    await page.locator('#localsearch-input').fill('zzqx');
    await page.getByText(/^Nothing here on/).waitFor();
    await page.locator('#localsearch-input').fill('label smoothing');
    await page.locator('.results .result[href*="techniques/noise/label-smoothing"]').first().click();
    await page.waitForURL(/techniques\/noise\/label-smoothing/);
    await context.close();
    expect(complaints).toEqual([]);
  });

  test('goes from the landing page to a guide and to a family, and opens an example in the lab, with its options in the form', async () => {
    const context = await browser.newContext({viewport: desktop});
    const {page, complaints} = await open(context);
    for (const [name, path] of [
      ['Get started', '/guides/start-in-the-browser'],
      [/^Dropout/, '/techniques/dropout/'],
    ] as const) {
      await page.goto(`${served.origin}/`);
      await page.locator('.landing').getByRole('link', {name}).first().click();
      await page.waitForURL((url) => url.pathname.startsWith(path));
    }
    await page.goto(`${served.origin}/techniques/noise/label-smoothing.html`);
    await page.getByRole('link', {name: 'Open it in the lab'}).click();
    await page.getByText(/^Ready/).waitFor();
    expect(new URL(page.url()).pathname).toBe('/lab/index.html');
    expect(await page.getByLabel('Epsilon').first().inputValue()).toBe('0.1');
    await context.close();
    expect(complaints).toEqual([]);
  });
});
