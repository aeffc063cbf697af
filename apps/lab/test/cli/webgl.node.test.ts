// `--backend webgl`: the command line drives an installed Chromium.
import {readFile} from 'node:fs/promises';
import {registerNative} from '@regularizers/native';
import {afterAll, expect, test} from 'vitest';
import {tiny, useFolder} from './folder.ts';
import {lab} from './terminal.ts';

const folder = useFolder();
afterAll(() => registerNative());

test('trains a recipe on WebGL, and brings typed errors home', async () => {
  const file = await folder.write('recipe.json', tiny);
  const done = await lab(['run', file, '--backend', 'webgl', '--out', folder.path('')]);
  expect(done.stderr).toContain('tiny on webgl (Chromium');
  expect(done.code).toBe(0);
  const report = JSON.parse(await readFile(folder.path('tiny.json'), 'utf8'));
  expect(report.backend).toBe('webgl');
  expect(report.history).toHaveLength(2);

  await folder.write('recipe.json', {...tiny, regularizers: [{name: 'dropout', at: 'nowhere'}]});
  const refused = await lab(['run', file, '--backend', 'webgl', '--out', folder.path('')]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(
    /^\[dropout\] at: "nowhere" selects nothing in this model\n {2}There are: .*hidden1/,
  );
});
