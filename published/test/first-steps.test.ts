// From an empty folder to a trained model by the landing page alone: its commands, its code, in Node and in a browser. Prints
// what it took.
import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, expect, test} from 'vitest';
import {openChromium} from '../../vitest/chromium.ts';
import {type Consumer, makeConsumer} from '../src/consumer.ts';
import {usersEnvironment} from '../src/run.ts';
import {root} from '../src/workspace.ts';

// The landing page takes both from there.
const guide = readFileSync(join(root, 'docs/guides/start-in-node.md'), 'utf8');
const code = /^```ts\n(.*?)^```$/ms.exec(guide)![1]!;
const packages = /^npm install (.*)$/m.exec(guide)![1]!.split(' ');

let consumer: Consumer | undefined;
afterAll(() => consumer?.remove());

/** A command, or a file to write, and the seconds that it took. */
type Step = readonly [what: string, seconds: number];
async function timed<T>(what: string, act: () => T | Promise<T>): Promise<readonly [T, Step]> {
  const started = performance.now();
  const result = await act();
  return [result, [what, (performance.now() - started) / 1000]];
}

/** Prints what it took, for the guides to say. */
function report(where: string, steps: readonly Step[]): void {
  const lines = steps.map(([what, seconds]) => `  ${seconds.toFixed(1).padStart(6)} s  ${what}`);
  console.log(`From an empty folder to a trained model, ${where}:\n${lines.join('\n')}`);
  expect(steps.filter(([what]) => /^(npm|npx|node) /.test(what)).length).toBeLessThanOrEqual(3);
}

/** Of both ways. */
const first: Step[] = [];

test('in Node: two commands', async () => {
  // The registry has not got ours yet: a folder that says where their tarballs are stands for an empty one.
  const [project, installed] = await timed(`npm install ${packages.join(' ')}`, () =>
    makeConsumer('npm', packages),
  );
  consumer = project;
  const [, saved] = await timed('the code, saved as train.mjs', () => project.write('train.mjs', code));
  first.push(installed, saved);
  const [printed, ran] = await timed('node train.mjs', () => project.node('train.mjs'));
  expect(Number(/accuracy: ([\d.]+)/.exec(printed)?.[1])).toBeGreaterThan(0.8);
  report('in Node', [...first, ran]);
});

test('in a browser: two commands, and a page of one line', async () => {
  const {folder, write} = consumer!;
  const line = '<script type="module" src="train.mjs"></script>';
  const [, page] = await timed(`${line}, saved as index.html`, () => write('index.html', line));
  // `npx vite` downloads it first: here it is that of this workspace.
  const server = spawn(join(root, 'published/node_modules/.bin/vite'), ['--port', '0'], {
    cwd: folder,
    env: usersEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await openChromium();
  try {
    const [printed, ran] = await timed('npx vite, and the page opened', async () => {
      const address = await new Promise<string>((resolve, reject) => {
        server.on('exit', () => reject(new Error('vite ended')));
        server.stdout.on('data', (data) => {
          const [found] = /http:\/\/\S+\//.exec(String(data)) ?? [];
          if (found) resolve(found);
        });
      });
      const tab = await browser.newPage();
      const said = tab.waitForEvent('console', {
        predicate: async (message) => /accuracy/.test(message.text()),
        timeout: 120_000,
      });
      await tab.goto(address);
      return (await said).args()[0]!.jsonValue();
    });
    expect(printed.accuracy).toBeGreaterThan(0.8);
    report('in a browser', [...first, page, ran]);
  } finally {
    await browser.close();
    server.removeAllListeners('exit');
    server.kill();
  }
});
