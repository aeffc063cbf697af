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
  const suffix = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const place = fileURLToPath(new URL(`../bundled-plugins.${suffix}`, import.meta.url));
  return {
    name: 'lab-plugins',
    enforce: 'pre',
    load(id) {
      if (plugins.length === 0 || id !== place) return undefined;
      const sources = plugins.map(
        ({use, file}) => `[${JSON.stringify(use)}, () => import(${JSON.stringify(file)})]`,
      );
      return `export const bundledPlugins = [${sources.join(', ')}];`;
    },
  };
}
