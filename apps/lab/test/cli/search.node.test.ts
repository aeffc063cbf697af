// `lab search` as a person gives it: its files, going on, and sharing.
import {appendFile, readdir, readFile, writeFile} from 'node:fs/promises';
import {registerNative} from '@regularizers/native';
import {afterEach, describe, expect, test} from 'vitest';
import {tiny, useFolder} from './folder.ts';
import {lab} from './terminal.ts';

const folder = useFolder();
afterEach(() => registerNative()); // back from other backends

const read = async (name: string): Promise<ReturnType<typeof JSON.parse>> =>
  JSON.parse(await readFile(folder.path(`out/${name}`), 'utf8'));

const words = async (...more: string[]): Promise<string[]> => [
  ...['search', await folder.write('a.json', {...tiny, epochs: 1, regularizers: []})],
  ...['--trials', '90', '--only', 'l2,dropout', '--backend', 'cpu', '--out', folder.path('out'), ...more],
];

/** All that is the same however often it was interrupted. */
async function resultOf(): Promise<unknown> {
  const {history: _, command: __, ...rest} = await read('search-moons-mlp.json');
  return rest;
}

const study = (): string => folder.path('out/search-moons-mlp.study.jsonl');

describe('lab search', () => {
  test('ends in sentences, a table, a recipe that runs, and its study', async () => {
    const {code, stdout, stderr} = await lab(
      await words('--label-noise', '0.4', '--save', folder.path('model'), '--code', folder.path('winner.ts')),
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^The baseline: .*\n\[1\] baseline: validation error \d/);
    expect(stderr).toMatch(/^Each technique alone, .*\n\[\d+\] l2: validation error/m);
    expect(stderr).toContain('The report, on seeds that nothing was chosen by.');
    expect(stdout).toMatch(/baseline .* %/);
    expect(stdout).toMatch(/^(?:l2|The winner|Nothing that was tried)[ :].*$/m);
    expect((await readdir(folder.path('out'))).toSorted()).toEqual([
      'search-moons-mlp.html',
      'search-moons-mlp.json',
      'search-moons-mlp.recipe.json',
      'search-moons-mlp.study.jsonl',
    ]);
    const found = await read('search-moons-mlp.json');
    expect(found).toMatchObject({format: 'regularizers-lab search 1', backend: 'cpu', measure: 'error'});
    expect(found.command).toMatch(/^lab search .*--trials 90/);
    expect(stdout).toMatch(
      /^Labels: \d+ of \d+ training examples .*\nOf these \d+ are wrong indeed: precision/m,
    );
    expect(found.labels.score.wrong).toBeGreaterThan(0);
    const page = await readFile(folder.path('out/search-moons-mlp.html'), 'utf8');
    for (const title of [
      'In short',
      'Trials over time',
      'Error over strength',
      'What was tried',
      'Importance',
    ])
      expect(page).toContain(`<h2>${title}</h2>`);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
    expect(JSON.parse(await readFile(folder.path('model/model.json'), 'utf8'))).toHaveProperty(
      'weightsManifest',
    );
    const recipe = folder.path('out/search-moons-mlp.recipe.json');
    expect(
      (await lab(['code', recipe, '--backend', 'cpu', '--out', folder.path('same/winner.ts')])).code,
    ).toBe(0);
    for (const file of ['winner.ts', 'winner-data/train-x.npy']) {
      expect(await readFile(folder.path(file))).toEqual(await readFile(folder.path(`same/${file}`)));
    }
    const run = ['run', recipe, '--backend', 'cpu'];
    expect((await lab([...run, '--out', folder.path('ran')])).code).toBe(0);
  });

  test('an interrupted one goes on to the same end; one that came to its end is kept', async () => {
    expect((await lab(await words())).code).toBe(0);
    const whole = await resultOf();
    const first = await lab(await words(), {interruptAt: '[40]'});
    expect(first.code).toBe(130);
    expect(first.stderr).toMatch(/Interrupted\. To go on: lab search .* --resume\n$/);
    expect(await readdir(folder.path('out'))).toContain('search-moons-mlp.study.previous.jsonl');
    // Killed while it wrote a line.
    await appendFile(study(), '\n{"type":"outcome","tri');
    const forgotten = await lab(await words());
    expect(forgotten.code).toBe(2);
    expect(forgotten.stderr).toMatch(
      /holds \d+ finished trials of a search that was interrupted\n {2}Add --resume/,
    );
    const resumed = await lab(await words('--resume'));
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).not.toContain('\n[30]');
    expect(await resultOf()).toEqual(whole);
    const again = await lab(await words('--resume'));
    expect([again.code, again.stderr.match(/^\[/gm)]).toEqual([0, null]);
  });

  test('two commands share the work, and come to what one comes to', async () => {
    expect((await lab(await words('--name', 'one'))).code).toBe(0);
    const alone = await read('one.json');
    const trained: string[] = [];
    let second: Promise<unknown> | undefined;
    const both = async (given: string[]) => {
      const outcome = await lab(given, {
        onText: (text) => {
          if (text.includes('[2]')) second ??= words('--name', 'two', '--resume').then(both);
        },
      });
      trained.push(...(outcome.stderr.match(/^\[\d+\]/gm) ?? []));
      return outcome.code;
    };
    expect(await both(await words('--name', 'two'))).toBe(0);
    expect(await second).toBe(0);
    // No trial was run by both.
    expect(trained).toHaveLength(alone.history.length);
    const {winner, rows, sentences} = await read('two.json');
    expect({winner, rows, sentences}).toEqual({
      winner: alone.winner,
      rows: alone.rows,
      sentences: alone.sentences,
    });
  });

  test.each<[string, string[], RegExp]>([
    ['no such technique', ['--only', 'droput'], /no regularizer and no family "droput"/],
    ['too few trials', ['--trials', '3'], /whole number of at least 10/],
    ['no time', ['--minutes', '0'], /It must be a number above 0/],
    ['a share of wrong labels', ['--label-noise', '2'], /It must be a number from 0 to 1/],
    ['nothing to go on with', ['--resume'], /there is no .*study\.jsonl to go on from/],
  ])('what the user can put right: %s', async (_, more, message) => {
    const {code, stdout, stderr} = await lab(await words(...more));
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('a file that is no study is neither read nor lost', async () => {
    await lab(await words(), {interruptAt: '[2]'});
    await writeFile(study(), 'my notes\n');
    expect((await lab(await words('--resume'))).stderr).toMatch(
      /^\[study\] this is no study of this version/,
    );
    expect((await lab(await words())).code).toBe(2);
    expect((await lab(await words('--restart'))).code).toBe(0);
    const kept = folder.path('out/search-moons-mlp.study.previous.jsonl');
    expect(await readFile(kept, 'utf8')).toBe('my notes\n');
  });
});
