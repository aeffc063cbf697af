// A folder on the loopback interface, as any server of files would have it: nothing is built.
import {createReadStream, statSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname, join, normalize} from 'node:path';

/** What is served, until it is closed. */
export interface Served {
  /** Where it is, without a slash at the end. */
  readonly origin: string;
  close(): Promise<unknown>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves a folder's files.
 *
 * @param port @defaultValue one that is free
 */
export async function serveFolder(folder: string, port = 0): Promise<Served> {
  const server = createServer(({url = '/'}, response) => {
    const asked = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname));
    const path = join(folder, asked.replace(/\/$/, '/index.html'));
    const isThere = (file: string): boolean => statSync(file, {throwIfNoEntry: false})?.isFile() ?? false;
    // As hosts of static sites do: their own page for what is not there.
    const found = [path, join(folder, '404.html')].find(isThere);
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(found)] ?? 'application/octet-stream';
    response.writeHead(found === path ? 200 : 404, {'content-type': type});
    createReadStream(found).pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
