// The lab as others get it: one command in an empty folder.
import {spawn} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {openChromium} from '../../vitest/chromium.ts';
import {type Consumer, makeConsumer} from '../src/consumer.ts';
import {run, tryRun, usersEnvironment} from '../src/run.ts';
import {readManifest, root} from '../src/workspace.ts';

let consumer: Consumer;
beforeAll(async () => {
  consumer = await makeConsumer('npm', ['@regularizers/lab']);
});
afterAll(() => consumer?.remove());

const npx = ['--no-install', '@regularizers/lab'];

test('says which version it is', async () => {
  const {version} = readManifest(join(root, 'apps', 'lab'));
  expect(await run('npx', [...npx, '--version'], consumer.folder)).toBe(`${version}\n`);
});

test.each(['cpu', 'webgl'])('compares on %s', async (backend) => {
  const words = [
    'compare',
    '--data',
    'moons',
    '--train',
    '40',
    '--epochs',
    '2',
    '--seeds',
    '1',
    '--only',
    'l2',
  ];
  const {code, stdout, stderr} = await tryRun(
    'npx',
    [...npx, ...words, '--backend', backend, '--name', backend],
    consumer.folder,
  );
  expect(stderr).toContain(backend);
  expect(code).toBe(0);
  expect(stdout).toMatch(/baseline.*%.*\n.*l2.*%/s);
  expect(readdirSync(join(consumer.folder, 'results'))).toEqual(
    expect.arrayContaining([`${backend}.json`, `${backend}.html`]),
  );
});

test('serves its page, which trains', async () => {
  // Without npx in between, which would have to hand the signal on.
  const child = spawn(join(consumer.folder, 'node_modules', '.bin', 'lab'), ['web'], {
    cwd: consumer.folder,
    env: usersEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  const browser = await openChromium();
  try {
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (text) => resolve(String(text).trim()));
      let complaints = '';
      child.stderr.on('data', (text) => {
        complaints += text;
      });
      child.on('close', () => reject(new Error(complaints)));
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(100_000);
    const recipe = {
      data: {name: 'moons', train: 60, validation: 50, test: 100},
      model: {name: 'mlp', hidden: [8]},
      epochs: 3,
      regularizers: [{name: 'dropout', rate: 0.1}],
    };
    await page.goto(`${address}#recipe=${encodeURIComponent(JSON.stringify(recipe))}`);
    await page.getByText(/^Ready/).waitFor();
    await page.getByRole('button', {name: 'Train', exact: true}).click();
    const error = page.locator('tr[data-run="1"] [data-cell="error"]');
    await error.waitFor();
    expect(await error.textContent()).toMatch(/%$/);
  } finally {
    await browser.close();
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  }
});
