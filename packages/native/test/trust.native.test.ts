import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {findEntries, manifestName, readEntry} from '../src/cache.ts';
import {diagnoseWith} from '../src/doctor.ts';
import {NativeError} from '../src/index.ts';
import {findCandidates, resolveModule, usualPlaces} from '../src/locate.ts';
import {extractWheel} from '../src/setup/extract.ts';
import {run} from '../src/setup/run.ts';
import {setupWith} from '../src/setup/setup.ts';
import {isOurs} from '../src/trust.ts';
import {fakeMachine, write} from './fake-tools.ts';

describe('nothing is run because of the folder that one happens to be in', () => {
  const before = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'planted-'));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, {recursive: true});
  });

  test('a module that the working directory has is not found', () => {
    for (const name of ['planted', '@tensorflow/tfjs-planted']) {
      write(join(folder, 'node_modules', name, 'package.json'), '{"main": "index.js"}');
      write(join(folder, 'node_modules', name, 'index.js'), '');
      expect(resolveModule(name)).toBeUndefined();
    }
  });

  test("nor is the working directory's tfjs-node, or its addon", () => {
    const planted = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
    write(join(planted, 'package.json'), '{"version": "4.22.0"}');
    write(join(planted, 'lib', 'napi-v8', 'tfjs_binding.node'), 'planted');
    const places = usualPlaces();
    expect(places.installed ?? '').not.toContain('planted-');
    expect(findCandidates(places).filter(({bindingPath}) => bindingPath.includes('planted-'))).toEqual([]);
  });
});

describe('a cache is run only as it was made, and only if nobody else could have written it', () => {
  interface Made {
    readonly root: string;
    readonly folder: string;
    readonly addon: string;
  }
  const changes: Readonly<Record<string, (made: Made) => void>> = {
    'a byte of the addon': ({addon}) => {
      const {atime, mtime} = lstatSync(addon);
      const bytes = readFileSync(addon);
      bytes[0]! ^= 1;
      writeFileSync(addon, bytes);
      utimesSync(addon, atime, mtime); // as if nothing had happened
    },
    'a byte of a library': ({folder}) => {
      const path = join(folder, 'lib', 'libtensorflow_cc.so.2');
      writeFileSync(path, readFileSync(path, 'utf8').replace('t', 'T'));
    },
    'a file besides': ({folder}) => write(join(folder, 'lib', 'libc.so.6'), 'planted'),
    'a link in the place of a file': ({addon, root}) => {
      cpSync(addon, join(root, 'elsewhere'));
      rmSync(addon);
      symlinkSync(join(root, 'elsewhere'), addon);
    },
    'an addon outside of the folder': ({root, folder}) => {
      write(join(root, 'planted.node'), 'compiled');
      const path = join(folder, manifestName);
      const manifest = JSON.parse(readFileSync(path, 'utf8'));
      const planted = {binding: '../planted.node', files: {...manifest.files}};
      planted.files['../planted.node'] = {...manifest.files[manifest.binding], bytes: 8};
      writeFileSync(path, JSON.stringify({...manifest, ...planted}));
    },
    'an addon that is not among the files': ({folder}) => {
      const path = join(folder, manifestName);
      const manifest = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, JSON.stringify({...manifest, binding: 'constructor'}));
    },
    'the addon open to others': ({addon}) => chmodSync(addon, 0o666),
    'the folder open to others': ({folder}) => chmodSync(folder, 0o777),
    'the manifest open to others': ({folder}) => chmodSync(join(folder, manifestName), 0o646),
    'the cache open to others': ({root}) => chmodSync(root, 0o777),
    'the folder of the cache open to others': ({root}) => chmodSync(dirname(root), 0o777),
  };

  for (const [what, change] of Object.entries(changes)) {
    test(what, async () => {
      const above = mkdtempSync(join(tmpdir(), 'above-'));
      using machine = fakeMachine({}, {root: join(above, 'cache')});
      try {
        const {bindingPath} = await setupWith(machine.tools);
        const {root} = machine.tools;
        expect(findCandidates(machine.tools)).toHaveLength(1);
        change({root, folder: dirname(dirname(bindingPath)), addon: bindingPath});
        expect(findCandidates(machine.tools)).toEqual([]);
      } finally {
        rmSync(above, {recursive: true});
      }
    });
  }

  test('a tfjs-node of its own that was changed is not run either', async () => {
    using machine = fakeMachine();
    await setupWith(machine.tools);
    const copy = join(machine.tools.root, 'tfjs-node-4.22.0/node_modules/@tensorflow/tfjs-node');
    write(join(copy, 'dist', 'index.js'), 'planted');
    expect(findCandidates(machine.tools)).toEqual([]);
  });

  test('a cache that was copied is hashed anew, and good', async () => {
    using machine = fakeMachine();
    const {bindingPath} = await setupWith(machine.tools);
    const folder = dirname(dirname(bindingPath));
    const copied = mkdtempSync(join(tmpdir(), 'copied-'));
    cpSync(folder, join(copied, basename(folder)), {recursive: true});
    expect(findEntries('4.22.0', copied)).toHaveLength(1);
    rmSync(copied, {recursive: true});
  });

  test("another user's file is not ours, root's is", () => {
    const stats = lstatSync(tmpdir());
    stats.mode = 0o100644;
    const ofUser = (uid: number): boolean => isOurs(Object.assign(stats, {uid}));
    expect([process.getuid!(), 0, process.getuid!() + 12345].map(ofUser)).toEqual([true, true, false]);
  });

  test('set-up, doctor and the error say what is open and how to close it', async () => {
    using machine = fakeMachine();
    await setupWith(machine.tools);
    chmodSync(machine.tools.root, 0o777);
    await expect(setupWith(machine.tools)).rejects.toMatchObject({
      code: 'cache-not-trusted',
      message: expect.stringMatching(/others can write to .* \(chmod go-w .*REGULARIZERS_CACHE/s),
    });
    const {works, findings} = await diagnoseWith(machine.tools);
    expect(works).toBe(false);
    expect(findings.find(({name}) => name === 'cache')).toMatchObject({ok: false});
  });

  test('what programs leave open to the group is closed before it is kept', async () => {
    const mask = process.umask(0);
    using machine = fakeMachine();
    try {
      const {bindingPath} = await setupWith(machine.tools);
      expect(readEntry(dirname(dirname(bindingPath)))).toBeDefined();
      expect(lstatSync(bindingPath).mode & 0o022).toBe(0);
    } finally {
      process.umask(mask);
    }
  });
});

describe('a wheel can write nowhere but where it is unpacked', () => {
  const pack = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    for name in ['tensorflow/libtensorflow_cc.so.2', *sys.argv[2:]]: archive.writestr(name, 'planted')
`;
  const prefix = 'tensorflow/include/tensorflow/c';
  test.each([
    ['up from where it belongs', `${prefix}/../../../../../escaped.h`],
    ['up at once', '../escaped.h'],
    ['from the root', '/tmp/escaped.h'],
    ['by backslashes', `${prefix}/..\\..\\escaped.h`],
    ['a member that nobody asked for', 'other/../../escaped.txt'],
  ])('%s', async (_, member) => {
    const folder = mkdtempSync(join(tmpdir(), 'wheel-'));
    const [path, target] = [join(folder, 'made.whl'), join(folder, 'deep', 'target')];
    mkdirSync(target, {recursive: true});
    const packed = await run({program: 'python3', args: ['-c', pack, path, member]});
    expect(packed).toMatchObject({ok: true});
    using machine = fakeMachine();
    const wheel = {path, version: '2.21.0', python: 'python3'};
    const libraries = ['libtensorflow_cc.so.2'];
    await expect(extractWheel(wheel, target, libraries, {...machine.tools, run})).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('leads out of it'),
    });
    for (const place of [folder, join(folder, 'deep'), target, tmpdir()]) {
      expect(existsSync(join(place, 'escaped.h'))).toBe(false);
    }
    expect(existsSync(join(target, 'lib'))).toBe(false); // refused whole
    rmSync(folder, {recursive: true});
  });
});

test('an error that quotes a program is safe to print', () => {
  const {message, hint} = new NativeError('g++ said \u001b[2J\r.', {
    code: 'build-failed',
    hint: 'See \u009b31m.',
  });
  expect(message).toBe('[native] g++ said \\u001b[2J\\u000d. See \\u009b31m.');
  expect(hint).toBe('See \\u009b31m.');
});
