import {createReadStream, existsSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {defaultClientConditions, defineConfig, type Plugin, searchForWorkspaceRoot} from 'vite';
import {offlinePage} from './src/headless/offline-page.ts';
import {type PluginFile, single, withPlugins} from './src/headless/with-plugins.ts';

const mnistFile = /^\/(train|t10k)-(images-idx3|labels-idx1)-ubyte(\.gz)?$/;

/** MNIST from `$REGULARIZERS_DATA/mnist`, where that is set, as the folder `mnist/` beside the page. */
function serveMnist(): Plugin {
  return {
    name: 'serve-mnist',
    configureServer({middlewares}) {
      const {REGULARIZERS_DATA: folder} = process.env;
      if (!folder) return;
      middlewares.use('/mnist', ({url = ''}, response, next) => {
        const path = join(folder, 'mnist', basename(url));
        if (!mnistFile.test(url) || !existsSync(path)) return next();
        response.setHeader('content-type', 'application/octet-stream');
        createReadStream(path).pipe(response);
      });
    },
  };
}

/** What `npm run web -- --plugin` has found and checked. */
const {LAB_PLUGINS = '[]'} = process.env;
const plugins: readonly PluginFile[] = JSON.parse(LAB_PLUGINS);

/**
 * What every page needs of TensorFlow.js, in a file of its own: it is the larger part, and the same from version to version
 * of the lab. Backends but the first are files already, each loaded when it is used.
 */
const output = {
  codeSplitting: {groups: [{name: 'tfjs', test: /@tensorflow[\\/]tfjs-(core|layers|backend-cpu)[\\/]/}]},
};

export default defineConfig({
  root: import.meta.dirname,
  // Paths that don't exist are not found, rather than the page.
  appType: 'mpa',
  base: './',
  plugins: [serveMnist(), withPlugins(plugins), offlinePage()],
  // Packages from their sources, and none as for debugging: those talk on the console.
  resolve: {
    dedupe: [...single],
    conditions: ['source', ...defaultClientConditions.filter((one) => !one.includes('development'))],
  },
  server: {
    fs: {allow: [searchForWorkspaceRoot(import.meta.dirname), ...plugins.map(({file}) => dirname(file))]},
  },
  worker: {format: 'es', plugins: () => [withPlugins(plugins)], rolldownOptions: {output}},
  build: {outDir: 'dist/page', target: 'es2022', chunkSizeWarningLimit: 2000, rolldownOptions: {output}},
  optimizeDeps: {
    // Found at once: what is found late makes the page load twice.
    include: [
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-webgl',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-core/dist/register_all_gradients.js',
      '@tensorflow/tfjs-layers',
      '@regularizers/search > jstat',
      'fflate',
      'idb',
      'lit-html',
      'lit-html/directives/live.js',
      'lit-html/directives/repeat.js',
      'lit-html/directives/unsafe-html.js',
      'npyjs',
      'p-limit',
      'papaparse',
      'uplot',
      'zod',
    ],
  },
});
