// The command that a person is told to give is one that works.
import {execFileSync} from 'node:child_process';
import {chmod, symlink, writeFile} from 'node:fs/promises';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {givenCommand, programOf, quoted, type Started} from '../../src/cli/command-line.ts';
import {useFolder} from './folder.ts';

const folder = useFolder();

const started = (change: Partial<Started> = {}): Started => ({
  argv: ['/usr/bin/node', '/repo/apps/lab/bin/lab.js', 'compare'],
  argv0: 'node',
  execArgv: [],
  env: {PATH: '/usr/bin:/bin'},
  cwd: () => '/repo',
  ...change,
});

describe('the program is named as it was started', () => {
  test.each<[string, Partial<Started>, readonly string[]]>([
    ['a file in the folder or below', {}, ['node', 'apps/lab/bin/lab.js']],
    ['one elsewhere', {cwd: () => '/home/me'}, ['node', '/repo/apps/lab/bin/lab.js']],
    [
      'with options of Node',
      {execArgv: ['--max-old-space-size=99']},
      ['node', '--max-old-space-size=99', 'apps/lab/bin/lab.js'],
    ],
    ['another Node', {argv0: '/opt/my node'}, ['/opt/my node', 'apps/lab/bin/lab.js']],
    ['npx', {env: {npm_command: 'exec', npm_config_user_agent: 'npm/10'}}, ['npx', '@regularizers/lab']],
    ['npm start', {env: {REGULARIZERS_NPM_SCRIPT: 'start'}}, ['npm', 'start', '--']],
  ])('%s', (_, change, words) => {
    expect(programOf(started(change)).words).toEqual(words);
  });

  test('a program that the shell finds, unless the path is a package manager’s', async () => {
    const file = await folder.write('lab.js', '');
    await symlink(file, folder.path('lab'));
    const found = {argv: ['node', folder.path('lab')], env: {PATH: `/bin:${folder.path('')}`}};
    expect(programOf(started(found)).words).toEqual(['lab']);
    const byNpx = {...found, env: {...found.env, npm_config_user_agent: 'npm/10'}};
    expect(programOf(started(byNpx)).words).toEqual(['node', folder.path('lab')]);
    // Another program of that name.
    await writeFile(folder.path('other.js'), '');
    expect(programOf(started({...found, argv: ['node', folder.path('other.js')]})).words).toEqual([
      'node',
      folder.path('other.js'),
    ]);
  });
});

test('it goes on with the words that were given', () => {
  const lab = {words: ['lab']};
  expect(givenCommand(lab, ['compare', 'a.json', '--restart', '--out', 'my results'])).toMatchObject({
    again: "lab compare a.json --out 'my results'",
    goOn: "lab compare a.json --out 'my results' --resume",
  });
  expect(givenCommand(lab, ['run', '--resume', '--', '-a.json']).goOn).toBe('lab run --resume -- -a.json');
  const start = {words: ['npm', 'start', '--'], command: 'compare'};
  expect(givenCommand(start, ['compare', '--data', 'mnist']).goOn).toBe('npm start -- --data mnist --resume');
});

test('a shell reads back every word, and a terminal obeys none', async () => {
  const shown = folder.path('shown');
  await writeFile(shown, '#!/bin/sh\nfor word in "$@"; do printf "%s\\0" "$word"; done\n');
  await chmod(shown, 0o755);
  const read = (shell: string, words: readonly string[]): readonly string[] => {
    const text = execFileSync(shell, ['-c', `"$0" ${words.map(quoted).join(' ')}`, shown], {
      env: {...process.env, LC_ALL: 'C.UTF-8'},
      encoding: 'utf8',
    });
    return text.split('\0').slice(0, -1);
  };
  const plain = fc.string({unit: fc.constantFrom(...'ab \'"\\$`!*?~#&;|<>(){}[]\n\tä語=,-')});
  const nasty = fc.string({unit: fc.constantFrom(...'ab \'"\\$!\u001b\u009b\u202e\r語')});
  for (const [shell, words] of [
    ['sh', plain],
    ['bash', fc.oneof(plain, nasty)],
  ] as const) {
    fc.assert(
      fc.property(fc.array(words, {minLength: 1, maxLength: 20}), (list) => {
        expect(read(shell, list)).toEqual(list);
        expect(list.map(quoted).join(' ')).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}/u);
      }),
      {numRuns: 60, seed: 6},
    );
  }
});

test('it runs a recipe by the same words, with the plugins that the recipe names', () => {
  const npx = {words: ['npx', '@regularizers/lab']};
  const {run} = givenCommand(npx, ['compare', '--data', 'moons']);
  const regularizers = [
    {name: 'l2'},
    {use: './my shake.js', name: 'shake'},
    {use: './my shake.js', name: 'rattle'},
  ];
  expect(run('l2, seed 0.json', {regularizers: [{name: 'l2'}]})).toBe(
    "npx @regularizers/lab run 'l2, seed 0.json'",
  );
  expect(run('a.json', {regularizers})).toBe("npx @regularizers/lab run a.json --plugin './my shake.js'");
});
