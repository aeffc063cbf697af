// People's projects: our packages as they would be published, in a folder of its own, with npm and with pnpm.
import type {Browser} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {isThorough} from '../../packages/testing/src/thorough.ts';
import {openChromium} from '../../vitest/chromium.ts';
import {serveFolder} from '../../vitest/served-folder.ts';
import {outcomeOf} from '../src/browser.ts';
import {bundled, byRequire, compilers, entriesOf, inNode, typeErrors, unbundled} from '../src/consume.ts';
import {type Consumer, copiesOf, makeConsumer, type PackageManager} from '../src/consumer.ts';
import {completed, firstUseOf} from '../src/readme.ts';
import {run} from '../src/run.ts';
import {plugins, published} from '../src/workspace.ts';

interface Project {
  readonly manager: PackageManager;
  readonly what: string;
  /** The README that its user follows. */
  readonly readme: string;
  /** What is installed besides. */
  readonly more: readonly string[];
}

const alone = (['npm', 'pnpm'] as const).flatMap((manager) =>
  plugins.map(({name, folder}): Project => ({manager, what: name, readme: `${folder}/README.md`, more: []})),
);
const libraries = published.filter(({manifest}) => manifest.exports).map(({name}) => name);
const together = (['npm', 'pnpm'] as const).map(
  (manager): Project => ({manager, what: 'all packages', readme: 'README.md', more: libraries}),
);

/** With each package manager another of the plugins: those that come first, so that a failure can be looked into. */
const sample = [alone[0]!, alone[plugins.length + 1]!];

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());

const trained = (backend: string): object => ({
  backend,
  epochs: expect.arrayContaining([expect.toSatisfy((epochs: number) => epochs > 0)]),
});

describe.each([...(isThorough ? alone : sample), ...together])(
  '$what by $manager',
  ({manager, readme, more}) => {
    const use = firstUseOf(readme);
    const packages = [...new Set([...use.packages, ...more])];
    const program = completed(use.program);
    let consumer: Consumer;
    beforeAll(async () => {
      consumer = await makeConsumer(manager, packages);
    });
    afterAll(() => consumer?.remove());

    const ours = packages.filter((name) => name.startsWith('@regularizers/'));

    test("the README's program runs in Node", async () => {
      expect(await inNode(consumer, program)).toEqual(trained('cpu'));
    });

    test('it runs in a browser on WebGL, bundled by Vite', async () => {
      const {origin, close} = await serveFolder(await bundled(consumer, program));
      try {
        expect(await outcomeOf(browser, `${origin}/index.html`)).toEqual(trained('webgl'));
      } finally {
        await close();
      }
    });

    test('it runs there by an import map, with nothing built', async () => {
      const path = unbundled(consumer, program);
      const {origin, close} = await serveFolder(consumer.folder);
      try {
        expect(await outcomeOf(browser, `${origin}/${path}`)).toEqual(trained('webgl'));
      } finally {
        await close();
      }
    });

    test('it is right in strict mode', async () => {
      const [, compiler] = compilers[0]!;
      expect(await typeErrors(consumer, program, {compiler, skipLibCheck: true})).toEqual([]);
    });

    test('CommonJS requires the packages', async () => {
      const entries = entriesOf(ours, consumer.folder).filter((entry) => !/\/(browser|testing)$/.test(entry));
      const counts = await byRequire(consumer, entries);
      expect(Object.keys(counts)).toEqual(entries);
      for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
    });

    test('there is one copy of TensorFlow.js and of what plugins share', () => {
      for (const name of [
        '@tensorflow/tfjs-core',
        '@tensorflow/tfjs-layers',
        '@regularizers/core',
        '@regularizers/random',
      ]) {
        expect(copiesOf(name, consumer.folder)).toHaveLength(1);
      }
    });

    if (more.length === 0) return;
    describe('with all packages', () => {
      const everything = (): string => {
        const entries = entriesOf(ours, consumer.folder);
        return [
          ...entries.map((entry, i) => `import * as each${i} from '${entry}';`),
          `export const all = [${entries.map((_, i) => `each${i}`).join(', ')}];`,
        ].join('\n');
      };

      test.each(manager === 'npm' ? compilers : [])(
        'types are right for TypeScript %s',
        async (_, compiler) => {
          expect(await typeErrors(consumer, everything(), {compiler, skipLibCheck: true})).toEqual([]);
          const all = await typeErrors(consumer, everything(), {compiler, skipLibCheck: false});
          expect(all.filter((line) => line.includes('@regularizers'))).toEqual([]);
        },
      );

      test('the native backend is set up by one command, and trains', async () => {
        await run('npx', ['--no-install', 'regularizers-native', 'setup'], consumer.folder);
        const native = completed(use.program, {on: 'native'});
        expect(await inNode(consumer, native)).toEqual(trained('tensorflow'));
      });
    });
  },
);
