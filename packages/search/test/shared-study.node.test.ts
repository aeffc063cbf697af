// Processes that work on one study, and are killed at any moment: nothing that was finished is lost, nothing is trained
// twice but what was under way, and all come to what one process alone comes to.
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execPath} from 'node:process';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {linesOf} from '../../../vitest/lines.ts';
import {bundleScript, type Script} from '../../../vitest/script.ts';
import {type SearchResult, search} from '../src/index.ts';
import {options} from './support/formula.ts';

let folder = '';
let script: Script;
let expected: SearchResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shared-study-'));
  script = await bundleScript(new URL('support/searcher.ts', import.meta.url));
  expected = await search(options);
});
afterAll(async () => {
  await rm(folder, {recursive: true, force: true});
  await script.remove();
});

interface Searcher {
  readonly process: ChildProcess;
  /** A line per training, and the result last. */
  readonly lines: readonly string[];
  /** Once it has begun to train so often. */
  trained(count: number): Promise<void>;
  readonly end: Promise<unknown>;
  /** It waits for this, so that several begin at once. */
  go(): void;
}

function start(study: string): Searcher {
  const child = spawn(execPath, [script.path, study], {stdio: ['pipe', 'pipe', 'inherit']});
  const lines = linesOf(child.stdout);
  const end = once(child, 'close');
  const trained = async (count: number): Promise<void> => {
    while (trainings({lines}).length < count && child.exitCode === null) {
      await Promise.race([once(child.stdout, 'data'), end]);
    }
  };
  return {process: child, lines, trained, end, go: () => child.stdin.end()};
}

const resultOf = ({lines}: Searcher): unknown => JSON.parse(lines.at(-1)!).result;
const trainings = ({lines}: Pick<Searcher, 'lines'>): readonly string[] =>
  lines.filter((line) => line.startsWith('['));

it('goes on after kill -9, again and again', async () => {
  const study = join(folder, 'killed.jsonl');
  const seen: string[] = [];
  let kills = 0;
  for (; kills < 3; kills++) {
    const searcher = start(study);
    searcher.go();
    await searcher.trained(8 + 5 * kills);
    searcher.process.kill('SIGKILL');
    await searcher.end;
    seen.push(...trainings(searcher));
  }
  const last = start(study);
  last.go();
  await last.end;
  seen.push(...trainings(last));
  expect(resultOf(last)).toEqual(JSON.parse(JSON.stringify(expected)));
  // What was under way when it was killed is trained again, and nothing else.
  expect(seen.length - new Set(seen).size).toBeLessThanOrEqual(kills);
});

it('is shared by processes, of which one is killed', async () => {
  const study = join(folder, 'shared.jsonl');
  const searchers = [start(study), start(study), start(study)];
  const [killed, ...others] = searchers;
  await Promise.all(searchers.map(({process: {stdout}}) => once(stdout!, 'data')));
  for (const searcher of searchers) searcher.go();
  await killed!.trained(3);
  killed!.process.kill('SIGKILL');
  await Promise.all(searchers.map((searcher) => searcher.end));
  for (const other of others) {
    expect(resultOf(other)).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(trainings(other).length).toBeGreaterThan(0);
  }
  const seen = searchers.flatMap(trainings);
  expect(seen.length - new Set(seen).size).toBeLessThanOrEqual(1);
});
