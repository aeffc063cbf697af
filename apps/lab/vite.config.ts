import {createReadStream, existsSync} from 'node:fs';
import {basename, join} from 'node:path';
import {defaultClientConditions, defineConfig, type Plugin} from 'vite';

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

export default defineConfig({
  root: import.meta.dirname,
  // Paths that don't exist are not found, rather than the page.
  appType: 'mpa',
  base: './',
  plugins: [serveMnist()],
  // Packages from their sources, and none as for debugging: those talk on the console.
  resolve: {conditions: ['source', ...defaultClientConditions.filter((one) => !one.includes('development'))]},
  worker: {format: 'es'},
  build: {outDir: 'dist/page', target: 'es2022', chunkSizeWarningLimit: 2000},
  optimizeDeps: {
    // Found at once: what is found late makes the page load twice.
    include: [
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-webgl',
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-core/dist/register_all_gradients.js',
      '@tensorflow/tfjs-layers',
      'lit-html',
      'lit-html/directives/live.js',
      'lit-html/directives/repeat.js',
      'uplot',
      'zod',
    ],
  },
});
