import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {cacheRoot, compareVersions, findEntries, machineName, readEntry} from '../src/cache.ts';
import {publish, replace, temporaryFolder} from '../src/setup/files.ts';
import {write} from './fake-tools.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const manifest = (tensorflow: string, source: 'stock' | 'wheel' = 'wheel') => ({
  tfjsNode: '4.22.0',
  tensorflow,
  source,
  binding: 'lib/addon.node',
});

async function entry(name: string, tensorflow: string, source?: 'stock' | 'wheel'): Promise<void> {
  const folder = mkdtempSync(join(root, 'tmp-'));
  write(join(folder, 'lib', 'addon.node'), tensorflow);
  publish(folder, join(root, name), manifest(tensorflow, source));
}

describe('the cache', () => {
  test.each([
    [{REGULARIZERS_CACHE: '/own', XDG_CACHE_HOME: '/xdg'}, 'linux', '/own/native-2'],
    [{XDG_CACHE_HOME: '/xdg'}, 'linux', '/xdg/regularizers/native-2'],
    [{LOCALAPPDATA: '/local'}, 'win32', '/local/regularizers/native-2'],
  ])('%o on %s is %s', (env, platform, path) => {
    expect(cacheRoot(env, platform)).toBe(path);
  });

  test('is in the home folder where nothing else is said', () => {
    expect(cacheRoot({}, 'linux')).toMatch(/[\\/]\.cache[\\/]regularizers[\\/]native-2$/);
    expect(cacheRoot({}, 'darwin')).toMatch(/Library[\\/]Caches[\\/]regularizers[\\/]native-2$/);
  });

  test('offers a stock build first, then the newest TensorFlow, for this machine and version alone', async () => {
    await entry(`4.22.0-2.9.1-stock-${machineName}`, '2.9.1', 'stock');
    await entry(`4.22.0-2.21.0-${machineName}`, '2.21.0');
    await entry(`4.22.0-2.3.0-${machineName}`, '2.3.0');
    await entry(`4.21.0-2.22.0-${machineName}`, '2.22.0');
    await entry('4.22.0-2.22.0-plan9-mips', '2.22.0');
    const found = findEntries('4.22.0', root).map((one) => one.manifest.tensorflow);
    expect(found).toEqual(['2.9.1', '2.21.0', '2.3.0']);
  });

  test('versions are compared by number', () => {
    expect(compareVersions('2.9.1', '2.21.0')).toBeLessThan(0);
    expect(compareVersions('2.21.0', '2.21.0')).toBe(0);
  });
});

describe('publishing', () => {
  test('lists every file with its size and hash', async () => {
    await entry('made', '2.21.0');
    expect(readEntry(join(root, 'made'))?.manifest.files).toMatchObject({
      'lib/addon.node': {bytes: 6, sha256: createHash('sha256').update('2.21.0').digest('hex')},
    });
  });

  test('takes the place of what was there', async () => {
    await entry('made', '1.0.0');
    write(join(root, 'made', 'stale'), '');
    await entry('made', '2.21.0');
    expect(existsSync(join(root, 'made', 'stale'))).toBe(false);
    expect(readFileSync(join(root, 'made', 'lib', 'addon.node'), 'utf8')).toBe('2.21.0');
  });

  test('gives way to one that was as quick, and only to a good one', () => {
    const missing = join(root, 'missing'); // renaming it fails as renaming over a full folder does
    mkdirSync(join(root, 'other'));
    expect(() => replace(missing, join(root, 'made'), () => true)).not.toThrow();
    expect(() => replace(missing, join(root, 'made'), () => false)).toThrow('ENOENT');
  });

  test('a temporary folder goes with its block', () => {
    let path: string;
    {
      using folder = temporaryFolder(root);
      path = folder.path;
      write(join(path, 'deep', 'file'), 'x');
    }
    expect(existsSync(path)).toBe(false);
  });
});
