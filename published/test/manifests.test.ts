// What stands in the file of each package.
import {readFileSync} from 'node:fs';
import {checkPackage, createPackageFromTarballData, type Package} from '@arethetypeswrong/core';
import {publint} from 'publint';
import {formatMessage} from 'publint/utils';
import {beforeAll, describe, expect, inject, test} from 'vitest';
import {type Manifest, published} from '../src/workspace.ts';

test('everything is published that is not private', () => {
  expect(published.map(({name}) => name)).toContain('@regularizers/lab');
  expect(published.length).toBeGreaterThan(11);
});

/** What does not concern packages that are modules alone: how Node 10 resolves, and types as CommonJS sees them. */
const notForModules = new Set(['node10', 'node16-cjs']);

describe.each(published)('$name', ({name, folder, manifest}) => {
  let bytes: Uint8Array<ArrayBuffer>;
  let files: Package;
  let packed: Manifest;
  const text = (path: string): string => files.readFile(`/node_modules/${name}/${path}`);

  beforeAll(() => {
    bytes = new Uint8Array(readFileSync(inject('tarballs')[name]!));
    files = createPackageFromTarballData(bytes);
    packed = JSON.parse(text('package.json')) as Manifest;
  });

  test('is as publint --strict wants it', async () => {
    const {messages, pkg} = await publint({strict: true, pack: {tarball: bytes.buffer}});
    expect(messages.map((message) => formatMessage(message, pkg!, {color: false}))).toEqual([]);
  });

  if (manifest.exports) {
    test('has types that every resolution of modules finds', async () => {
      const analysis = await checkPackage(files);
      if (!analysis.types) throw new Error('there are no types');
      const problems = analysis.problems.filter(
        (problem) => !('resolutionKind' in problem) || !notForModules.has(problem.resolutionKind),
      );
      expect(problems).toEqual([]);
    });
  }

  test('says whose it is, where it comes from and what people look for', () => {
    expect(packed.author).toMatch(/\w/);
    expect(packed.license).toBe('Apache-2.0');
    expect(packed.homepage).toMatch(/^https:\/\/\S+$/);
    expect(packed.bugs?.url).toMatch(/^https:\/\/\S+\/issues$/);
    expect(packed.repository).toMatchObject({
      url: expect.stringMatching(/^git\+https:\/\/\S+\.git$/),
      directory: folder,
    });
    expect(packed.description).toMatch(/TensorFlow\.js/);
    expect(packed.keywords).toEqual(
      expect.arrayContaining(['tensorflow.js', 'tfjs', 'machine-learning', 'regularization']),
    );
    expect(new Set(packed.keywords).size).toBe(packed.keywords!.length);
    expect(packed.keywords!.length).toBeGreaterThan(9);
    expect(packed.funding).toBeUndefined();
  });

  test('depends on what the registry has', () => {
    const ranges = Object.values({...packed.dependencies, ...packed.peerDependencies});
    expect(ranges.filter((range) => !/^([\^~]?\d+\.\d+\.\d+( \|\| (?=.)|$))+$/.test(range))).toEqual([]);
  });

  test('has a licence, a README, and nothing that is not for its users', () => {
    const paths = files.listFiles().map((path) => path.slice(`/node_modules/${name}/`.length));
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(paths.filter((path) => /(^|\/)(test|node_modules)\/|\.tsbuildinfo$|\.test\./.test(path))).toEqual(
      [],
    );
    // Source maps lead to sources that are there.
    for (const path of paths.filter((each) => each.endsWith('.js.map'))) {
      const {sources} = JSON.parse(text(path)) as {readonly sources: readonly string[]};
      for (const source of sources) {
        expect(paths).toContain(new URL(source, `file:///${path}`).pathname.slice(1));
      }
    }
  });

  test('has a README whose links lead somewhere from anywhere', () => {
    const links = [...text('README.md').matchAll(/\]\(([^)\s]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !/^(https:\/\/|#)/.test(link))).toEqual([]);
  });
});
