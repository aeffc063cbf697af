// Node only: puts plugins into a bundle for the browser.
import {fileURLToPath} from 'node:url';
import type {Plugin} from 'vite';

/** A plugin's file, and what recipes call it. */
export interface PluginFile {
  readonly use: string;
  readonly file: string;
}

/** What there must be one copy of, whoever imports it. */
export const single: readonly string[] = [
  '@regularizers/core',
  '@regularizers/random',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
];

/** Makes the bundler take plugins into `bundled-plugins`. */
export function withPlugins(plugins: readonly PluginFile[]): Plugin {
  // As it is built, and among the sources, of which the page for people is made.
  const places = new Set(
    ['../bundled-plugins.js', '../../src/bundled-plugins.ts'].map((path) =>
      fileURLToPath(new URL(path, import.meta.url)),
    ),
  );
  return {
    name: 'lab-plugins',
    enforce: 'pre',
    load(id) {
      if (plugins.length === 0 || !places.has(id)) return undefined;
      const sources = plugins.map(
        ({use, file}) => `[${JSON.stringify(use)}, () => import(${JSON.stringify(file)})]`,
      );
      return `export const bundledPlugins = [${sources.join(', ')}];`;
    },
  };
}
