import {readdir, readFile} from 'node:fs/promises';
import {NativeError, registerNative} from '@regularizers/native';
import {afterEach, describe, expect, test} from 'vitest';
import {dataNames} from '../../src/data/catalog.ts';
import {modelNames} from '../../src/models/catalog.ts';
import {techniques} from '../../src/regularizers.ts';
import {tiny, useFolder} from './folder.ts';
import {lab} from './terminal.ts';

const folder = useFolder();
afterEach(() => registerNative()); // back from other backends

const read = async (name: string): Promise<ReturnType<typeof JSON.parse>> =>
  JSON.parse(await readFile(folder.path(name), 'utf8'));

describe('lab run', () => {
  test('trains a recipe, and saves the report as JSON and as a page', async () => {
    const {code, stdout, stderr} = await lab([
      'run',
      await folder.write('a.json', tiny),
      '--out',
      folder.path('out'),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^examples {4}train 20, validation 10, test 10; .*\ntrain {7}loss .*accuracy .*\nvalidation .*\ntest .*\ntest error {2}\d/,
    );
    expect(stderr).toContain('tiny on native (TensorFlow');
    expect(stderr).toContain('dropout acts at hidden1');
    const report = await read('out/tiny.json');
    expect(report.recipe).toMatchObject(tiny);
    expect(report.history).toHaveLength(2);
    const html = await readFile(folder.path('out/tiny.html'), 'utf8');
    expect(html).toContain('<h2>What the model sees</h2>');
  });

  test('prints nothing of a recipe or a file that a terminal would obey', async () => {
    const nasty = '\u001b[2J\u009b31m\r\u202e';
    const recipes = [
      {...tiny, name: nasty},
      {...tiny, regularizers: [{name: nasty}]},
      {...tiny, regularizers: [{name: 'dropout', [nasty]: 1}]},
      {...tiny, regularizers: [{name: 'dropout', at: nasty}]},
      {...tiny, regularizers: [{name: 'l2', as: nasty}]},
      {...tiny, data: {name: nasty}},
      {...tiny, [nasty]: nasty},
      nasty,
    ];
    for (const recipe of recipes) {
      const {code, stdout, stderr} = await lab(['run', await folder.write('nasty.json', recipe)]);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
    }
    for (const words of [['run', nasty], ['compare', '--model', nasty], ['compare', `--${nasty}`], [nasty]]) {
      const {code, stdout, stderr} = await lab(words);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
    }
  });

  test('another seed', async () => {
    const file = await folder.write('a.json', tiny);
    await lab(['run', file, '--seed', '9', '--out', folder.path('')]);
    expect((await read('tiny.json')).recipe.seed).toBe(9);
  });
});

describe('lab compare', () => {
  const words = (file: string): string[] => ['compare', file, '--seeds', '2', '--out', folder.path('out')];

  test("compares a recipe's regularizers, ends in a table, and saves the whole", async () => {
    const {code, stdout, stderr} = await lab(words(await folder.write('a.json', tiny)));
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split('│')[1]?.trim().replace(' *', ''))).toEqual(
      expect.arrayContaining(['baseline', 'dropout', 'l2', 'together']),
    );
    expect(stderr.match(/^\[\d\/8\] .*validation error/gm)).toHaveLength(8);
    const saved = await read('out/compare-moons-mlp.json');
    expect(saved.cells).toHaveLength(8);
    expect(saved.tables[0].rows.map(({name, seeds}: {name: string; seeds: number}) => [name, seeds])).toEqual(
      [
        ['baseline', 2],
        ['dropout', 2],
        ['l2', 2],
        ['together', 2],
      ],
    );
    expect(await readdir(folder.path('out'))).toEqual(['compare-moons-mlp.html', 'compare-moons-mlp.json']);
  });

  test('its report has the recipe of each row, which can be run and comes to the same', async () => {
    await lab(words(await folder.write('a.json', tiny)));
    const html = await readFile(folder.path('out/compare-moons-mlp.html'), 'utf8');
    const {cells} = await read('out/compare-moons-mlp.json');
    const file = /<summary>([^<]*), seed (\d+)<\/summary>.*?href="data:application\/json[^,]*,([^"]*)"/gs;
    const recipes = [...html.matchAll(file)].map(([, entry, seed, text]) => ({
      entry,
      seed: Number(seed),
      recipe: {...JSON.parse(decodeURIComponent(text!)), name: 'row'},
    }));
    expect(recipes.map(({entry}) => entry)).toEqual(['baseline', 'dropout', 'l2', 'together']);
    const {entry, seed, recipe} = recipes[1]!;
    await lab(['run', await folder.write('row.json', recipe), '--out', folder.path('out')]);
    const cell = cells.find((one: {entry: string; seed: number}) => one.entry === entry && one.seed === seed);
    expect((await read('out/row.json')).testError).toBe(cell.testError);
  });

  test('an interrupted comparison keeps its finished runs, and goes on to the same end', async () => {
    const file = await folder.write('a.json', tiny);
    const stopped = await lab(words(file), {interruptAt: '[3/8]'});
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/Interrupted\. To go on: lab compare .* --resume/);
    expect(await readdir(folder.path('out'))).toEqual(['compare-moons-mlp.partial.json']);
    expect((await read('out/compare-moons-mlp.partial.json')).cells).toHaveLength(3);

    const resumed = await lab([...words(file), '--resume']);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr.match(/^\[\d\/8\]/gm)).toHaveLength(5);
    const errorsOf = async (): Promise<unknown> =>
      (await read('out/compare-moons-mlp.json')).cells.map((cell: {testError: number}) => cell.testError);
    const errors = await errorsOf();
    await lab(words(file));
    expect(await errorsOf()).toEqual(errors);
  });

  test('a recipe that fails is a row that says so, and the others go on', async () => {
    const wild = {...tiny, optimizer: {name: 'sgd', learningRate: 0.1}, epochs: 1};
    // Noise beyond what a float32 can square.
    const regularizers = [{name: 'l2'}, {name: 'inputNoise', sigma: 1e38}, {name: 'randomAffine'}];
    const file = await folder.write('a.json', {...wild, regularizers});
    const {code, stdout, stderr} = await lab(['compare', file, '--seeds', '1', '--out', folder.path('out')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/inputNoise .*failed on 1 seed: \[trainer\] training stopped/);
    expect(stdout).toMatch(
      /randomAffine .*failed on 1 seed: \[randomAffine\] no input of the model is an image/,
    );
    expect(stderr).toMatch(/^\[3\/5\] inputNoise, seed \d+: failed: \[trainer\] training stopped/m);
    const saved = await read('out/compare-moons-mlp.json');
    expect(saved.tables[0].rows.map(({name}: {name: string}) => name)).toEqual(['baseline', 'l2']);
    expect(saved.tables[0].failures.map(({name}: {name: string}) => name)).toEqual([
      'inputNoise',
      'randomAffine',
      'together',
    ]);
    expect(await readFile(folder.path('out/compare-moons-mlp.html'), 'utf8')).toContain('failed on 1 seed');
  });

  test('another comparison is not gone on with', async () => {
    const file = await folder.write('a.json', tiny);
    expect((await lab([...words(file), '--resume'])).stderr).toMatch(/^\[lab\] there is no .*partial\.json/);
    await lab(words(file), {interruptAt: '[1/8]'});
    const other = await lab([...words(file), '--epochs', '3', '--resume']);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('another comparison');
  });

  const quick = ['--train', '20', '--test', '10', '--epochs', '1', '--only', 'l2'];
  const kinds = (saved: {cells: readonly {table: string; entry: string}[]}): readonly string[] => [
    ...new Set(saved.cells.map(({table, entry}) => `${table}: ${entry}`)),
  ];

  test('by itself it is two tables, with wrong labels and with right ones, and each row has its verdict', async () => {
    const {code, stdout} = await lab(['compare', ...quick, '--seeds', '2', '--out', folder.path('')]);
    expect(code).toBe(0);
    const saved = await read('compare-glyphs-mlp.json');
    expect(kinds(saved)).toEqual([
      'wrong labels: baseline',
      'wrong labels: earlyStopping',
      'wrong labels: l2',
      'right labels: baseline',
      'right labels: l2',
    ]);
    const [wrong, right] = saved.tables;
    expect([wrong.labelNoise, wrong.reference, right.labelNoise, right.reference]).toEqual([
      0.3,
      'earlyStopping',
      0,
      undefined,
    ]);
    for (const {rows} of saved.tables) {
      expect(rows.at(-1).againstBaseline).toMatchObject({instances: 2, word: expect.stringMatching(/./)});
    }
    expect(stdout).toMatch(/^wrong labels$[\s\S]*^right labels$/m);
    expect(stdout.match(/│ l2[ *]+│.*(helps|within chance|hurts|the same on all 2 seeds)/g)).toHaveLength(2);
    const html = await readFile(folder.path('compare-glyphs-mlp.html'), 'utf8');
    expect(html).toContain('<h2>Comparison: wrong labels</h2>');
    expect(html).toContain('<h2>Comparison: right labels</h2>');
  });

  test('of one seed there is no verdict; --label-noise makes one table', async () => {
    const words = ['compare', ...quick, '--label-noise', '0.1', '--seeds', '1', '--out', folder.path('')];
    const {stdout} = await lab(words);
    const saved = await read('compare-glyphs-mlp.json');
    expect(kinds(saved)).toEqual([': baseline', ': earlyStopping', ': l2']);
    expect(saved.tables[0].labelNoise).toBe(0.1);
    expect(stdout).toContain('No verdicts: they need a baseline and two seeds or more');
    expect((await lab(['compare', '--label-noise', '30'])).code).toBe(2);
  });

  test('the usual regularizers of data and model', async () => {
    const sizes = [
      '--train',
      '20',
      '--test',
      '10',
      '--epochs',
      '1',
      '--seeds',
      '1',
      '--out',
      folder.path(''),
    ];
    const {code, stdout} = await lab(['compare', '--data', 'blobs', '--only', 'l2,inputNoise', ...sizes]);
    expect(code).toBe(0);
    expect(stdout).toContain('inputNoise');
  });
});

test('lab list has the defaults of every option, and what it may be', async () => {
  const {code, stdout} = await lab(['list']);
  expect(code).toBe(0);
  for (const line of [
    /^data\n {2}glyphs\n {4}train = 1000 +an integer in \[1, 1000000\]$/m,
    /^models\n {2}mlp\n {4}hidden = \[256,128\] +a list of at most 10 entries, each an integer in \[1, 4096\]$/m,
    /^ {2}adam\n {4}learningRate = 0\.001 +in \(0, 100\]$/m,
    /^ {2}dropout, of dropout: .*\n {4}rate = 0\.5 +in \[0, 1\)$/m,
    /^a recipe beside these\n(.*\n)* {2}epochs = 30 +an integer in \[1, 100000\]$/m,
  ]) {
    expect(stdout).toMatch(line);
  }
  for (const name of [...dataNames, ...modelNames])
    expect(stdout).toMatch(new RegExp(`^ {2}.*\\b${name}\\b`, 'm'));
  for (const {name, options} of techniques) {
    const part = stdout.split(`\n  ${name}, of `)[1]!;
    for (const [index, [key, {default: initial}]] of Object.entries(options).entries()) {
      const line = part.split('\n')[index + 1]!;
      const isPlain = initial !== undefined && typeof initial !== 'function';
      expect(line.startsWith(`    ${key}${isPlain ? ` = ${JSON.stringify(initial)}  ` : '  '}`)).toBe(true);
      expect(line.trim().length).toBeGreaterThan(key.length + 3);
    }
  }
});

describe('--help', () => {
  const commands = ['', 'compare', 'search', 'run', 'lesson', 'code', 'web', 'worker', 'list', 'schema'];

  test.each(commands)('lab %s has examples, of options that it has', async (command) => {
    const {code, stdout} = await lab([...(command === '' ? [] : [command]), '--help']);
    expect(code).toBe(0);
    const examples = stdout.split('\nExamples:\n')[1]!.trimEnd().split('\n');
    for (const example of examples) {
      const [, words] = /^ {2}lab ([^#]+\S) +# \S/.exec(example)!;
      const [name, ...rest] = words!.split(/\s+/);
      const help = command === '' ? (await lab([name!, '--help'])).stdout : stdout;
      expect(help).toMatch(new RegExp(`^Usage: lab ${name} `));
      for (const option of rest.filter((word) => word.startsWith('--')))
        expect(help).toContain(`  ${option} `);
    }
  });

  test('there is no command without', async () => {
    const {stdout} = await lab(['--help']);
    const listed = [...stdout.split('Commands:\n')[1]!.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(listed.filter((name) => name !== 'help' && name !== 'lab')).toEqual(commands.slice(1));
  });
});

describe('what the user can put right is one message, and exit code 2', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['no such data', ['compare', '--data', 'mnst'], /^\[recipe\] data\.name: must be one of glyphs/],
    ['no such model', ['compare', '--model', 'gpt'], /^\[recipe\] model\.name: must be one of mlp/],
    [
      'no such regularizer',
      ['compare', '--only', 'droput'],
      /^\[lab\] there is no regularizer "droput"\n {2}Usual/,
    ],
    ['no such option', ['compare', '--sed', '3'], /unknown option '--sed'/],
    ['no number', ['compare', '--seeds', 'x'], /must be a whole number from 1 to 1000/],
    ['no such backend', ['compare', '--backend', 'cuda'], /auto, native, cpu, wasm, webgl/],
    [
      'no folder',
      ['compare', '--out', ''],
      /'--out <folder>' argument '' is invalid\. It must be the path of a folder/,
    ],
    ['no name', ['compare', '--name', ' '], /It must be a name\./],
    ['no file', ['run', ''], /It must be the path of a JSON file\./],
    [
      'no TypeScript file',
      ['search', '--code', 'train.py'],
      /^\[lab\] --code train\.py is no name of a TypeScript file/,
    ],
    ['no model', ['compare', '--model', ''], /^\[recipe\] model\.name: must be one of mlp/],
    ['no such command', ['train'], /unknown command 'train'/],
    ['no such file', ['run', '/no/such/file.json'], /^\[recipe\] \/no\/such\/file\.json cannot be read/],
    [
      'a model that wasm cannot train',
      ['compare', '--model', 'cnn', '--backend', 'wasm'],
      /^\[trainer\] the backend wasm cannot train conv1 .*it lacks Conv2DBackpropFilter\n {2}Train on webgl/m,
    ],
  ])('%s', async (_, words, message) => {
    const {code, stdout, stderr} = await lab(words);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  test.each<[string, unknown, RegExp]>([
    [
      'a rate out of range',
      {...tiny, regularizers: [{name: 'dropout', rate: 1.2}]},
      /^\[dropout\] rate must be in \[0, 1\); received 1\.2\n$/,
    ],
    ['no JSON', '{', /^\[recipe\] .* is not JSON/],
    [
      'a regularizer that cannot work',
      {...tiny, regularizers: [{name: 'randomAffine'}]},
      /^\[randomAffine\] no input of the model is an image/,
    ],
  ])('%s', async (_, recipe, message) => {
    const {code, stdout, stderr} = await lab(['run', await folder.write('a.json', recipe)]);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('without a native backend', () => {
  const registerNative = (): Promise<never> =>
    Promise.reject(
      new NativeError('There is no native backend.', {code: 'not-set-up', hint: 'Run: the set-up'}),
    );

  test('--backend auto says so, and takes wasm for dense models', async () => {
    const words = ['run', await folder.write('a.json', tiny), '--out', folder.path('')];
    const {code, stderr} = await lab(words, {sources: {registerNative}});
    expect(stderr).toMatch(
      /^Training on wasm, because the native backend is not there\. Run: the set-up\ntiny on wasm\n/,
    );
    expect(code).toBe(0);
    expect((await read('tiny.json')).backend).toBe('wasm');
  });

  test('--backend native is an error that says what to do', async () => {
    const words = ['run', await folder.write('a.json', tiny), '--backend', 'native'];
    const {code, stderr} = await lab(words, {sources: {registerNative}});
    expect([code, stderr]).toEqual([2, '[native] There is no native backend. Run: the set-up\n']);
  });

  test('--backend cpu', async () => {
    const words = ['run', await folder.write('a.json', tiny), '--backend', 'cpu', '--out', folder.path('')];
    expect((await lab(words, {sources: {registerNative}})).code).toBe(0);
    expect((await read('tiny.json')).backend).toBe('cpu');
  });
});
