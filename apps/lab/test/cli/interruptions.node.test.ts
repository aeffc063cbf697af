// Whatever happens to a command, what was finished stays, and it goes on to the same end.
import {spawn} from 'node:child_process';
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {execPath} from 'node:process';
import {fileURLToPath} from 'node:url';
import {type Owner, ownerName, thisProcess} from '@regularizers/core/node';
import {registerNative} from '@regularizers/native';
import {isThorough} from '@regularizers/testing';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {faultAt} from '../../../../vitest/file-faults.mjs';
import {bundleScript, type Script} from '../../../../vitest/script.ts';
import {claimOutput} from '../../src/cli/output-lock.ts';
import {tiny, useFolder} from './folder.ts';
import {lab} from './terminal.ts';

const folder = useFolder();
afterEach(() => registerNative()); // back from other backends

const out = (): string => folder.path('out');
const filesThere = (): Promise<readonly string[]> => readdir(out());
const recipe = {...tiny, epochs: 4, regularizers: [{name: 'dropout', rate: 0.5}, {name: 'earlyStopping'}]};
const withRecipe = (): Promise<string> => folder.write('a.json', recipe);

const runWords = (file: string): string[] => [
  'run',
  file,
  '--save-every',
  '0',
  '--backend',
  'cpu',
  '--out',
  out(),
];
const compareWords = (file: string): string[] => [
  'compare',
  file,
  '--backend',
  'cpu',
  '--seeds',
  '2',
  '--out',
  out(),
];

const commands = {
  run: {words: runWords, result: 'tiny.json', kept: 'tiny.checkpoint.safetensors'},
  compare: {words: compareWords, result: 'compare-moons-mlp.json', kept: 'compare-moons-mlp.partial.json'},
} as const;
type Command = keyof typeof commands;
const both = Object.keys(commands) as readonly Command[];

/** What a command came to, but for the time that it took. */
async function resultOf(command: Command): Promise<unknown> {
  const text = await readFile(join(out(), commands[command].result), 'utf8');
  return JSON.parse(text, (key, value) => (key === 'seconds' ? 0 : value));
}

/** What an undisturbed command comes to. */
async function undisturbed(command: Command): Promise<unknown> {
  expect((await lab(commands[command].words(await withRecipe()))).code).toBe(0);
  const result = await resultOf(command);
  await rm(out(), {recursive: true});
  return result;
}

/** Interrupts a command after its second epoch or run, by something that happens to its files then. */
async function disturbed(command: Command, fault: () => {readonly undo: () => void}) {
  const words = commands[command].words(await withRecipe());
  let started: {readonly undo: () => void} | undefined;
  const onText = (text: string): void => {
    if (text.includes(command === 'run' ? 'parameters:' : '[2/')) started ??= fault();
  };
  try {
    return await lab(words, {onText});
  } finally {
    started?.undo();
  }
}

test.each(['run', 'compare'] as const)('%s prints no escapes of its folder', async (command) => {
  const folderName = join(out(), '\u001b[31m');
  const {code, stderr} = await lab([
    ...[command, await withRecipe(), '--backend', 'cpu'],
    ...['--out', folderName],
  ]);
  expect(code).toBe(0);
  expect(stderr).not.toContain('\u001b[31m');
});

describe.each(both)('lab %s', (command) => {
  const {words, kept} = commands[command];
  const interruptAt = command === 'run' ? 'parameters:' : '[3/';

  test('an interrupted one goes on to the same end', async () => {
    const whole = await undisturbed(command);
    const file = await withRecipe();
    const first = await lab(words(file), {interruptAt});
    expect(first.code).toBe(130);
    expect(first.stderr).toMatch(new RegExp(`Interrupted\\. To go on: lab ${command} .* --resume\n`));
    expect(await filesThere()).toContain(kept);
    expect((await lab([...words(file), '--resume'])).code).toBe(0);
    expect(await resultOf(command)).toEqual(whole);
    const {result} = commands[command];
    expect(await filesThere()).toEqual([result.replace('.json', '.html'), result]);
  });

  test('without --resume what is finished is not overwritten, with --restart it is', async () => {
    const file = await withRecipe();
    await lab(words(file), {interruptAt});
    const before = await readFile(join(out(), kept));
    const forgotten = await lab(words(file));
    expect(forgotten.code).toBe(2);
    expect(forgotten.stderr).toMatch(/interrupted\n {2}Add --resume to go on with it, or --restart/);
    expect(await readFile(join(out(), kept))).toEqual(before);
    expect((await lab([...words(file), '--resume', '--restart'])).code).toBe(2);
    expect((await lab([...words(file), '--restart'])).code).toBe(0);
    expect(await filesThere()).not.toContain(kept);
  });

  test('another recipe is not gone on with', async () => {
    const file = await withRecipe();
    expect((await lab([...words(file), '--resume'])).stderr).toMatch(/there is no .* to go on from/);
    await lab(words(file), {interruptAt});
    await folder.write('a.json', {...recipe, epochs: 5});
    const other = await lab([...words(file), '--resume']);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/another (recipe|comparison)/);
  });

  test('finished results are kept when they are made again', async () => {
    const file = await withRecipe();
    await lab(words(file));
    const {result} = commands[command];
    const before = await readFile(join(out(), result), 'utf8');
    expect((await lab(words(file))).code).toBe(0);
    expect(await readFile(join(out(), result.replace('.json', '.previous.json')), 'utf8')).toBe(before);
  });

  test.each([
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'there is no permission'],
  ])('%s is said before anything is trained', async (code, why) => {
    const fault = faultAt(code, 'open', folder.path(''));
    try {
      const {code: exit, stdout, stderr} = await lab(words(await withRecipe()));
      expect([exit, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(new RegExp(`^\\[files\\] .* cannot be written: ${why}\n$`));
    } finally {
      fault.undo();
    }
  });

  test('so is a file in the place of the folder, and a folder in the place of a file', async () => {
    const file = await withRecipe();
    await writeFile(out(), '');
    const noFolder = await lab(words(file));
    expect([noFolder.code, noFolder.stdout]).toEqual([2, '']);
    expect(noFolder.stderr).toMatch(/^\[files\] .* cannot be written: a part of its path is a file/);
    await rm(out());
    await mkdir(join(out(), commands[command].result), {recursive: true});
    const noFile = await lab(words(file));
    expect([noFile.code, noFile.stdout]).toEqual([2, '']);
    expect(noFile.stderr).toMatch(/^\[files\] .*\.json cannot be written: it is a folder/);
  });

  test('a name that no file system takes', async () => {
    const file = await folder.write('a.json', {...recipe, name: '語'.repeat(100)});
    const name = command === 'compare' ? ['--name', '語'.repeat(100)] : [];
    const {code, stderr} = await lab([...words(file), ...name]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot be written: its name is too long/);
  });

  test('a disk that is full in the middle is a sentence, and what was finished goes on to the same end', async () => {
    const whole = await undisturbed(command);
    const full = await disturbed(command, () => faultAt('ENOSPC', 'writeFile', out()));
    expect(full.code).toBe(2);
    expect(full.stderr).toMatch(/\[files\] .* cannot be written: the disk is full\n$/);
    expect((await filesThere()).filter((name) => name.startsWith('.'))).toEqual([]);
    expect((await lab([...words(await withRecipe()), '--resume'])).code).toBe(0);
    expect(await resultOf(command)).toEqual(whole);
  });

  test('while another process writes the same results it is refused, before it trains', async () => {
    const file = await withRecipe();
    await mkdir(out());
    const release = await claimOutput(out(), commands[command].result.replace('.json', ''));
    const refused = await lab(words(file));
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/^\[lab\] process \d+ is writing .*\n {2}Wait for its end/);
    await release();
    expect(await filesThere()).toEqual([]);
    const outcomes = await Promise.all([lab(words(file)), lab(words(file))]);
    expect(outcomes.map(({code}) => code)).toContain(0);
    expect((await filesThere()).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('claims', () => {
  test('no two are ever held, and of many at once one is', async () => {
    await mkdir(out());
    for (let round = 0; round < (isThorough ? 100 : 5); round++) {
      let [held, won] = [0, 0];
      await Promise.all(
        Array.from({length: 6}, async () => {
          const release = await claimOutput(out(), 'x').catch(() => undefined);
          if (!release) return;
          held += 1;
          won += 1;
          expect(held).toBe(1);
          await new Promise(setImmediate);
          held -= 1;
          await release();
        }),
      );
      expect(won).toBeGreaterThan(0);
    }
    expect(await filesThere()).toEqual([]);
  });

  test('that of a killed process counts no more, that of another machine does', async () => {
    await mkdir(out());
    const claimOf = (owner: Owner): string => `.x.${ownerName(owner)}.deadbeef.lock`;
    const noProcess = {...thisProcess, pid: 2 ** 22 + 1}; // no Linux has so many
    // In a container that is started anew, the first process has the number of the one that was killed.
    const earlier = {...thisProcess, born: 'deadbeef-1'};
    for (const dead of [noProcess, earlier]) await writeFile(join(out(), claimOf(dead)), '');
    await (await claimOutput(out(), 'X'))();
    expect(await filesThere()).toEqual([]);
    await writeFile(join(out(), claimOf({...thisProcess, host: 'elsewhere', pid: 1})), '');
    await expect(claimOutput(out(), 'x')).rejects.toThrow(
      /process 1 on elsewhere is writing .*\n.*remove .*deadbeef/s,
    );
    await (await claimOutput(out(), 'y'))();
  });
});

describe('kill -9', () => {
  let script: Script;
  beforeAll(async () => {
    script = await bundleScript(new URL('lab-child.ts', import.meta.url));
  });
  afterAll(() => script.remove());

  /** Runs the command in a process of its own; resolves to the signal that ended it, if it did not end well by itself. */
  function inNewProcess(
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
    killAfter?: number,
  ): Promise<NodeJS.Signals | null> {
    const faults = fileURLToPath(new URL('../../../../vitest/file-faults.mjs', import.meta.url));
    const child = spawn(execPath, ['--import', faults, script.path, ...words], {
      env: {...process.env, ...environment},
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let isCounting = false;
    child.stderr.on('data', (chunk) => {
      if (isCounting || killAfter === undefined || !/parameters:|recipes on/.test(String(chunk))) return;
      isCounting = true;
      setTimeout(() => child.kill('SIGKILL'), killAfter);
    });
    return new Promise((resolve, reject) => {
      child.on('close', (code, signal) => {
        if (signal === null && code !== 0) reject(new Error(`it ended with ${code}`));
        else resolve(signal);
      });
    });
  }

  async function goOn(command: Command): Promise<void> {
    const words = commands[command].words(await withRecipe());
    const resumed = await lab([...words, '--resume']);
    if (resumed.code === 2) {
      // It was killed before there was anything, or once all was done.
      expect(resumed.stderr).toMatch(/there is no .* to go on from/);
      expect((await lab(words)).code).toBe(0);
    } else {
      expect(resumed.code).toBe(0);
    }
    // Nothing of the killed process is left.
    const left = (await filesThere()).filter((name) => !name.includes('.previous.'));
    const {result} = commands[command];
    expect(left).toEqual([result.replace('.json', '.html'), result]);
  }

  // Every 37th call that a command makes, or each of them.
  const stride = isThorough ? 1 : 37;

  test.each(both)(
    'at each point within a write, lab %s comes to the same end',
    async (command) => {
      const whole = await undisturbed(command);
      let kills = 0;
      for (let at = 5; ; at += stride) {
        const words = commands[command].words(await withRecipe());
        const signal = await inNewProcess(words, {FILE_FAULT: `kill@${at}`, FILE_FAULT_WITHIN: out()});
        if (signal === null) break;
        kills += 1;
        await goOn(command);
        expect(await resultOf(command)).toEqual(whole);
        await rm(out(), {recursive: true});
      }
      expect(kills).toBeGreaterThan(2);
    },
    600_000,
  );

  test.each(both)(
    'at random moments, lab %s comes to the same end',
    async (command) => {
      const whole = await undisturbed(command);
      for (let run = 0; run < (isThorough ? 60 : 2); run++) {
        await inNewProcess(commands[command].words(await withRecipe()), {}, Math.random() * 200);
        await goOn(command);
        expect(await resultOf(command)).toEqual(whole);
        await rm(out(), {recursive: true});
      }
    },
    600_000,
  );
});
