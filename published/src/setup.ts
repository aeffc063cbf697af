// Before the suites: packs every package once, as a release would.
import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';
import {makePublishable} from '../../scripts/publishable.mjs';
import {run, tool} from './run.ts';
import {copyWorkspace, published} from './workspace.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The file of each package as it would be published, by the package's name. */
    tarballs: Readonly<Record<string, string>>;
  }
}

let folder = '';

export async function setup(project: TestProject): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'published-'));
  const [copy, tarballs] = [join(folder, 'workspace'), join(folder, 'tarballs')];
  mkdirSync(copy);
  copyWorkspace(copy);
  makePublishable(copy);
  await run(tool('pnpm'), ['--recursive', 'pack', '--pack-destination', tarballs], copy);
  const files = readdirSync(tarballs);
  const fileOf = (name: string, version: string): string => {
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    if (!files.includes(file)) throw new Error(`${file} is not among ${files.join(', ')}`);
    return join(tarballs, file);
  };
  project.provide(
    'tarballs',
    Object.fromEntries(published.map(({name, manifest}) => [name, fileOf(name, manifest.version)])),
  );
}

export function teardown(): void {
  rmSync(folder, {recursive: true, force: true});
}
