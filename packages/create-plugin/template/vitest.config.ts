// Every suite runs on cpu, in Node, and on WebGL, in a browser.
import {playwright} from '@vitest/browser-playwright';
import {defineConfig} from 'vitest/config';

/** An installed Chromium in place of Playwright's. */
const executablePath = process.env['CHROMIUM_PATH'];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    projects: [
      {extends: true, test: {name: 'cpu', include: ['spec/**/*.spec.ts'], setupFiles: ['spec/cpu.ts']}},
      {
        extends: true,
        optimizeDeps: {
          include: [
            '@regularizers/core',
            '@regularizers/dropout',
            '@regularizers/testing',
            '@tensorflow/tfjs-backend-webgl',
            '@tensorflow/tfjs-core',
            '@tensorflow/tfjs-layers',
          ],
        },
        test: {
          name: 'webgl',
          include: ['spec/**/*.spec.ts'],
          setupFiles: ['spec/webgl.ts'],
          isolate: false,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(executablePath ? {executablePath} : {}),
                args: [
                  '--no-sandbox',
                  '--use-angle=swiftshader',
                  '--enable-unsafe-swiftshader',
                  '--ignore-gpu-blocklist',
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
