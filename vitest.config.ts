import {availableParallelism} from 'node:os';
import {playwright} from '@vitest/browser-playwright';
import {defineConfig, type TestProjectConfiguration} from 'vitest/config';
import {launchOptions} from './vitest/chromium.ts';

// Every suite runs once per backend. Files named *.node.test.ts need Node (files, child processes) and run
// on native only; files named *.native.test.ts, *.wasm.test.ts and *.webgl.test.ts are about one backend itself.
const everywhere = [
  'packages/*/test/**/*.test.ts',
  'apps/*/test/**/*.test.ts',
  'examples/*/test/**/*.test.ts',
];
const nodeOnly = ['**/*.node.test.ts', '**/*.native.test.ts'];
const wasmOnly = ['**/*.wasm.test.ts'];
const webglOnly = ['**/*.webgl.test.ts'];
const resolve = {conditions: ['source']};
// What hangs is ended; a machine that is busy with other suites is not failed for it.
const limits = {testTimeout: 240_000, hookTimeout: 240_000};
// Properties draw the same examples in every run, so that a failure is one of the change that is tried and not of luck;
// another REGULARIZERS_SEED looks further.
const seed = Number(process.env['REGULARIZERS_SEED'] ?? 1);

const inNode = (name: string, include: string[], exclude: string[]): TestProjectConfiguration => ({
  resolve,
  ssr: {resolve},
  test: {
    name,
    include,
    exclude: ['**/node_modules/**', ...exclude],
    setupFiles: ['vitest/console.ts', 'vitest/left-behind.ts', 'vitest/properties.ts', `vitest/${name}.ts`],
    provide: {backend: name, seed},
    pool: 'forks',
    isolate: false,
    ...limits,
  },
});

/**
 * Processes beside the browser's. Some suites wait for what they start, so that two of them are kept busy by two cores
 * besides; each of TensorFlow's may come to two gigabytes.
 */
const maxWorkers = Math.min(4, Math.max(2, availableParallelism()));

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      inNode('cpu', everywhere, [...nodeOnly, ...wasmOnly, ...webglOnly]),
      inNode('native', everywhere, [...wasmOnly, ...webglOnly]),
      inNode('wasm', everywhere, [...nodeOnly, ...webglOnly]),
      // What is published, in folders of its own: no backend of this process, and no sources.
      {
        test: {
          name: 'published',
          include: ['published/test/**/*.test.ts'],
          globalSetup: ['published/src/setup.ts'],
          pool: 'forks',
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        resolve,
        optimizeDeps: {
          include: [
            '@tensorflow/tfjs-core',
            '@tensorflow/tfjs-core/dist/register_all_gradients.js',
            '@tensorflow/tfjs-converter',
            '@tensorflow/tfjs-layers',
            '@tensorflow/tfjs-backend-cpu',
            '@tensorflow/tfjs-backend-webgl',
            'fast-check',
          ],
        },
        test: {
          name: 'webgl',
          include: everywhere,
          exclude: ['**/node_modules/**', ...nodeOnly, ...wasmOnly],
          setupFiles: ['vitest/console.ts', 'vitest/properties.ts', 'vitest/webgl.ts'],
          provide: {backend: 'webgl', seed, thorough: process.env['REGULARIZERS_THOROUGH'] === '1'},
          isolate: false,
          ...limits,
          browser: {
            fileParallelism: false,
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...launchOptions,
                args: [
                  ...launchOptions.args,
                  '--disable-background-networking',
                  '--disable-component-update',
                  '--disable-sync',
                  '--no-first-run',
                ],
              },
            }),
            instances: [{browser: 'chromium'}],
          },
        },
      },
    ],
  },
});
