// Node only: makes a page that is built keep itself for when there is no network.
import {createHash} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Plugin} from 'vite';
import type {PageFiles} from '../web/offline/service-worker.ts';

const fileName = 'offline.js';

/** Adds a service worker that keeps all files of the build, under a version that is their content's. */
export function offlinePage(): Plugin {
  return {
    name: 'lab-offline-page',
    apply: 'build',
    buildStart() {
      const id = fileURLToPath(new URL('../web/offline/service-worker.ts', import.meta.url));
      this.emitFile({type: 'chunk', id, fileName});
    },
    transformIndexHtml: {
      order: 'post',
      handler: () => [{tag: 'link', attrs: {rel: 'serviceworker', href: `./${fileName}`}, injectTo: 'head'}],
    },
    // When all is written: the page is written last, and has the names of all others, which are their contents'.
    async writeBundle({dir}, bundle) {
      const path = (name: string): string => join(dir!, name);
      const page = await readFile(path('index.html'));
      const code = await readFile(path(fileName), 'utf8');
      const files = Object.keys(bundle).filter((name) => name !== fileName);
      const hash = createHash('sha256').update(JSON.stringify(files.toSorted())).update(page).update(code);
      const known: PageFiles = {version: hash.digest('hex').slice(0, 12), files};
      await writeFile(path(fileName), `globalThis.pageFiles=${JSON.stringify(known)};\n${code}`);
    },
  };
}
