// Keeps the page for when there is no network. The build puts what it consists of before this: see `offlinePage`. It
// imports nothing, so that it is a plain script, which every browser takes as a service worker.

/** What the build says of the page. */
export interface PageFiles {
  /** Another one for every other content. */
  readonly version: string;
  /** Paths beside this script; all but the page itself have their content's hash in their names. */
  readonly files: readonly string[];
}

interface Waits {
  waitUntil(work: Promise<unknown>): void;
}

const worker = globalThis as unknown as {
  readonly pageFiles: PageFiles;
  readonly registration: {readonly scope: string};
  readonly clients: {claim(): Promise<void>};
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Waits) => void): void;
  addEventListener(
    type: 'fetch',
    listener: (
      event: Waits & {readonly request: Request; respondWith(answer: Promise<Response>): void},
    ) => void,
  ): void;
};
const {pageFiles, registration} = worker;
/** Others may have pages on the same host. */
const prefix = `regularizers-lab ${registration.scope} `;
const name = prefix + pageFiles.version;
const addressOf = (path: string): string => new URL(path, registration.scope).href;
const page = addressOf('index.html');
const addresses = new Set(pageFiles.files.map(addressOf));
/** How long the network may take for the page before the one that is kept is shown. */
const patience = 4000; // milliseconds

worker.addEventListener('install', (event) => event.waitUntil(keep()));
worker.addEventListener('activate', (event) => event.waitUntil(forget()));
worker.addEventListener('fetch', (event) => {
  const {request} = event;
  const address = new URL(request.url);
  address.hash = '';
  address.search = '';
  const isPage =
    request.mode === 'navigate' && (address.href === page || address.href === registration.scope);
  if (isPage) event.respondWith(newest());
  else if (request.method === 'GET' && isKept(address.href)) event.respondWith(kept(request));
});

/** Files with a hash in their names never change: of an earlier version they may be asked for by a page that is open still. */
const isKept = (address: string): boolean =>
  addresses.has(address) || address.startsWith(addressOf('assets/'));

/** All files or none: what is half there would fail without a network. */
async function keep(): Promise<void> {
  const cache = await caches.open(name);
  // What the browser has of the page itself may be old; the others cannot be.
  await cache.addAll([...addresses].map((one) => new Request(one, one === page ? {cache: 'reload'} : {})));
  await worker.skipWaiting();
}

/** The version before is kept: a page of it may be open, and load a part of it that it has not needed yet. */
async function forget(): Promise<void> {
  const names = (await caches.keys()).filter((one) => one.startsWith(prefix));
  const before = names.filter((one) => one !== name).slice(0, -1);
  await Promise.all(before.map((one) => caches.delete(one)));
  await worker.clients.claim();
}

/** The page as it is now, so that nobody has an old one; as it was kept where that cannot be had. */
async function newest(): Promise<Response> {
  try {
    const response = await fetch(page, {cache: 'no-cache', signal: AbortSignal.timeout(patience)});
    if (response.status < 500) return response;
  } catch {
    // No network, or none to speak of.
  }
  const cache = await caches.open(name);
  return (await cache.match(page)) ?? Response.error();
}

const kept = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);
