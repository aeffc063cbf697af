// Runs the workspace's TypeScript sources in Node 20, which can't by itself; nothing is built or written.
import {fileURLToPath} from 'node:url';
import {createServer} from 'vite';

/** Imports a module of the sources. What it needs later it can still import: end with `process.exit`. */
export async function importSource(path) {
  const server = await createServer({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    oxc: {target: 'es2022'}, // what Node 20 understands
    server: {middlewareMode: true, ws: false, watch: null},
    optimizeDeps: {noDiscovery: true},
    ssr: {resolve: {conditions: ['source']}},
  });
  return server.environments.ssr.runner.import(path);
}
