// Node only: serves the page that `--backend webgl` drives, from memory, on the loopback interface.
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {RegularizerError} from '@regularizers/core';
import {build, type Rolldown} from 'vite';
import {type PluginFile, single, withPlugins} from './with-plugins.ts';

/** What is served: paths to content. It may grow while the server runs. */
export type Files = Map<string, string | Uint8Array>;

const isSource = import.meta.url.endsWith('.ts');
const entry = fileURLToPath(new URL(isSource ? './page.ts' : './page.js', import.meta.url));

/**
 * Bundles the page, in memory: a second, and never out of date.
 *
 * @param plugins what is to be in it beside the lab's own packages
 * @throws RegularizerError with code `cannot-bundle` if a plugin is not for the browser
 */
export async function bundlePage(plugins: readonly PluginFile[] = []): Promise<Files> {
  const output = await bundle(plugins).catch((cause: unknown) => {
    if (plugins.length === 0) throw cause;
    throw new RegularizerError({
      where: `plugin ${plugins.map(({use}) => use).join(', ')}`,
      code: 'cannot-bundle',
      message: 'it cannot be bundled for the browser',
      hint: 'Something in it needs Node. Take another backend: --backend cpu.',
      cause,
    });
  });
  const files: Files = new Map();
  for (const file of output.output) {
    files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source);
    if (file.type === 'chunk' && file.isEntry) {
      files.set(
        '/',
        `<!doctype html><title>lab</title><script type="module" src="/${file.fileName}"></script>`,
      );
    }
  }
  return files;
}

const bundle = (plugins: readonly PluginFile[]): Promise<Rolldown.RolldownOutput> =>
  build({
    configFile: false,
    logLevel: 'silent',
    root: fileURLToPath(new URL('.', import.meta.url)),
    plugins: [withPlugins(plugins)],
    resolve: {
      dedupe: [...single],
      ...(isSource ? {conditions: ['source', 'module', 'browser']} : {}),
    },
    build: {write: false, minify: false, modulePreload: false, rolldownOptions: {input: entry}},
  }) as Promise<Rolldown.RolldownOutput>;

/** Serves files on a free port of 127.0.0.1. */
export async function serve(
  files: Files,
): Promise<{readonly address: string; readonly close: () => Promise<void>}> {
  const server = createServer(({url = '/'}, response) => {
    const content = files.get(url);
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {'content-type': typeOf(url), 'cache-control': 'no-store'}).end(content);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const {port} = server.address() as AddressInfo;
  return {address: `http://127.0.0.1:${port}/`, close: () => closed(server)};
}

function typeOf(path: string): string {
  if (path === '/') return 'text/html; charset=utf-8';
  return extname(path) === '.js' ? 'text/javascript; charset=utf-8' : 'application/octet-stream';
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
