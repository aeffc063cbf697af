// Node only: the lab's pages, bundled and served from memory, on the loopback interface.
import {createServer, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {RegularizerError} from '@regularizers/core';
import {build, type InlineConfig, type Rolldown} from 'vite';
import {type PluginFile, single, withPlugins} from './with-plugins.ts';

/** What is served: paths to content. It may grow while the server runs. */
export type Files = Map<string, string | Uint8Array>;

const isSource = import.meta.url.endsWith('.ts');
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles the page that `--backend webgl` drives, in memory: a second, and never out of date.
 *
 * @param plugins what is to be in it beside the lab's own packages
 * @throws RegularizerError with code `cannot-bundle` if a plugin is not for the browser
 */
export async function bundlePage(plugins: readonly PluginFile[] = []): Promise<Files> {
  const files = await bundle(plugins, {
    root: here('.'),
    build: {
      minify: false,
      modulePreload: false,
      rolldownOptions: {input: here(`./page.${isSource ? 'ts' : 'js'}`)},
    },
  });
  const [entry] = files.keys();
  files.set('/', `<!doctype html><title>lab</title><script type="module" src="${entry}"></script>`);
  return files;
}

/**
 * Bundles the page for people, in memory, out of the lab's sources, which are published with it.
 *
 * @param plugins what is to be in it beside the lab's own packages
 * @throws RegularizerError with code `cannot-bundle` if a plugin is not for the browser
 */
export async function bundleLab(plugins: readonly PluginFile[] = []): Promise<Files> {
  const files = await bundle(plugins, {root: here('../..'), base: './', build: {target: 'es2022'}});
  files.set('/', files.get('/index.html')!);
  return files;
}

/** What a build comes to, the entry first. */
async function bundle(plugins: readonly PluginFile[], {build: own, ...rest}: InlineConfig): Promise<Files> {
  try {
    const {output} = (await build({
      configFile: false,
      logLevel: 'silent',
      plugins: [withPlugins(plugins)],
      worker: {format: 'es', plugins: () => [withPlugins(plugins)]},
      resolve: {
        dedupe: [...single],
        ...(isSource ? {conditions: ['source', 'module', 'browser']} : {}),
      },
      build: {write: false, chunkSizeWarningLimit: 1e5, ...own},
      ...rest,
    })) as Rolldown.RolldownOutput;
    return new Map(
      output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
    );
  } catch (cause) {
    if (plugins.length === 0) throw cause;
    throw new RegularizerError({
      where: `plugin ${plugins.map(({use}) => use).join(', ')}`,
      code: 'cannot-bundle',
      message: 'it cannot be bundled for the browser',
      hint: 'Something in it needs Node. Take another backend: --backend cpu.',
      cause,
    });
  }
}

/** How files are served. */
export interface ServeOptions {
  /** Where it listens. @defaultValue any port that is free */
  readonly port?: number | undefined;
  /** Is told each path that is asked for, before it is looked up. */
  readonly load?: ((path: string) => Promise<void>) | undefined;
}

/**
 * Serves files on a port of 127.0.0.1.
 *
 * @throws RegularizerError with code `port-taken` if something else listens there
 */
export async function serve(
  files: Files,
  {port: wanted = 0, load}: ServeOptions = {},
): Promise<{readonly address: string; readonly close: () => Promise<void>}> {
  const answer = async (url: string, response: ServerResponse): Promise<void> => {
    await load?.(url);
    const content = files.get(url);
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {'content-type': typeOf(url), 'cache-control': 'no-store'}).end(content);
  };
  const server = createServer(({url = '/'}, response) => {
    // What could not be loaded, the page says in its own words.
    answer(url, response).catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(wanted, '127.0.0.1', resolve);
  }).catch((cause: unknown) => {
    throw new RegularizerError({
      where: 'web',
      code: 'port-taken',
      message: `port ${wanted} cannot be listened to`,
      hint: 'Leave --port out, and any that is free is taken.',
      cause,
    });
  });
  const {port} = server.address() as AddressInfo;
  return {address: `http://127.0.0.1:${port}/`, close: () => closed(server)};
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
};

const typeOf = (path: string): string =>
  types[path === '/' ? '.html' : extname(path)] ?? 'application/octet-stream';

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
