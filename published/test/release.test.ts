// A release from the first step to the last, with a registry of its own: versions, publishing, installing.
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import type {Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {runServer} from 'verdaccio';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {makePublishable} from '../../scripts/publishable.mjs';
import {inNode} from '../src/consume.ts';
import {completed, firstUseOf} from '../src/readme.ts';
import {run, tool} from '../src/run.ts';
import {copyWorkspace, published, readManifest, root} from '../src/workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'release-'));
const workspace = join(folder, 'workspace');
const settings = join(folder, 'npmrc');
let server: Server;
let registry: string;

beforeAll(async () => {
  const storage = join(folder, 'storage');
  server = (await runServer({
    self_path: folder,
    storage,
    uplinks: {},
    packages: {'**': {access: '$all', publish: '$all'}},
    auth: {htpasswd: {file: join(folder, 'htpasswd')}},
    log: {type: 'stdout', level: 'fatal'},
    web: {enable: false},
    max_body_size: '50mb',
  } as never)) as Server;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  copyWorkspace(workspace);
  // What was committed when is in changelogs.
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '--message=all');
  // Anybody may publish there, but npm wants to know who it is.
  writeFileSync(settings, `//${new URL(registry).host}/:_authToken=anybody\n`);
});

afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => {
    if (server) server.close(resolve);
    else resolve(undefined);
  });
  rmSync(folder, {recursive: true, force: true, maxRetries: 5});
});

const git = (...words: string[]): Promise<string> =>
  run('git', ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.org', ...words], workspace);

/** As the workflow calls it, with pnpm where it looks for it. */
const changeset = (command: string): Promise<string> =>
  run(tool('changeset'), [command], workspace, {
    npm_config_registry: registry,
    npm_config_userconfig: settings,
    PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH']}`,
    GIT_AUTHOR_NAME: 'somebody',
    GIT_AUTHOR_EMAIL: 'somebody@example.org',
    GIT_COMMITTER_NAME: 'somebody',
    GIT_COMMITTER_EMAIL: 'somebody@example.org',
  });

const versionsOf = (where: string): Set<string> =>
  new Set(published.map((one) => readManifest(join(where, one.folder)).version));

test('all packages get one version, which is new, and say what has changed', async () => {
  expect(readdirSync(join(workspace, '.changeset')).length).toBeGreaterThan(2);
  await changeset('version');
  const [before, after] = [versionsOf(root), versionsOf(workspace)];
  expect(before.size).toBe(1);
  expect(after.size).toBe(1);
  expect([...after][0]).not.toBe([...before][0]);
  for (const one of published) expect(existsSync(join(workspace, one.folder, 'CHANGELOG.md'))).toBe(true);
  expect(readFileSync(join(workspace, 'packages/core/CHANGELOG.md'), 'utf8')).toContain([...after][0]);
  expect(readdirSync(join(workspace, '.changeset')).sort()).toEqual(['README.md', 'config.json']);
  // What is not published has no versions.
  expect(readManifest(join(workspace, 'bench')).version).toBe('0.0.0');
});

test('they are published, each once', async () => {
  makePublishable(workspace, {GITHUB_REPOSITORY: 'somebody/fork'});
  const output = await changeset('publish');
  const [version] = versionsOf(workspace);
  for (const {name} of published) {
    expect(output).toContain(`${name}@${version}`);
    const {versions} = (await (await fetch(`${registry}${name}`)).json()) as {
      readonly versions: Readonly<Record<string, ReturnType<typeof readManifest>>>;
    };
    expect(Object.keys(versions)).toEqual([version]);
    const {repository, homepage, dependencies = {}} = versions[version!]!;
    expect(repository?.url).toContain('github.com/somebody/fork');
    expect(homepage).toContain('somebody.github.io/fork');
    for (const [dependency, range] of Object.entries(dependencies)) {
      if (dependency.startsWith('@regularizers/')) expect(range).toBe(`^${version}`);
    }
  }
  // The action makes releases of the tags.
  expect((await git('tag')).trim().split('\n').sort()).toEqual(
    published.map(({name}) => `${name}@${version}`).sort(),
  );
  expect(output).toContain('New tag');
  expect(await changeset('publish')).not.toContain('New tag');
});

test('what was published is installed by its name, and trains', async () => {
  const consumer = join(folder, 'consumer');
  const {packages, program} = firstUseOf('packages/l2/README.md');
  const manifest = {name: 'consumer', private: true, type: 'module'};
  mkdirSync(consumer);
  const write = (path: string, text: string): void => writeFileSync(join(consumer, path), text);
  write('package.json', JSON.stringify(manifest));
  // All else comes from where this machine has it from.
  write('.npmrc', `@regularizers:registry=${registry}\n`);
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], consumer);
  const [version] = versionsOf(workspace);
  expect(readManifest(join(consumer, 'node_modules/@regularizers/l2')).version).toBe(version);
  expect(readManifest(join(consumer, 'node_modules/@regularizers/random')).version).toBe(version);
  const node = (...words: string[]): Promise<string> => run(process.execPath, words, consumer);
  expect(
    await inNode({folder: consumer, write, node, remove: () => undefined}, completed(program)),
  ).toMatchObject({
    backend: 'cpu',
  });
});
