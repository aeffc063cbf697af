// Searches with a way to train that is a formula, so that what is the best is known.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {defineTechnique, type Technique} from '@regularizers/core';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {
  memoryStudy,
  type Parameter,
  type RunTrial,
  type SearchOptions,
  type SearchResult,
  type StudyStorage,
  search,
  stageShares,
  studySoFar,
  type TrialErrors,
  verdicts,
} from '../src/index.ts';
import {studyFile} from '../src/node/index.ts';
import {randomStream} from '../src/sampler/stream.ts';
import {sentencesOf} from '../src/search/sentences.ts';
import {nameOfTrial} from '../src/search/trial.ts';
import {options, run, techniques} from './support/formula.ts';
import {techniqueNamed} from './support/technique.ts';

const base: SearchOptions = {techniques, run, trials: 240, seed: 4};
const row = (result: SearchResult, name: string) => result.rows.find((one) => one.name === name)!;

/** A clock that only trials move on, each by a second, whatever the machine does. */
function ownClock() {
  let seconds = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => 1000 * seconds);
  const slow: RunTrial = (plan) => {
    seconds++;
    return run(plan);
  };
  return {slow, seconds: () => seconds, restore: () => now.mockRestore()};
}

it('what rounding leaves of no difference is 0', () => {
  const verdict = {word: 'within chance', mean: 2.2e-17, interval: [-0.01, 0.01], smallest: 0.02} as never;
  const rows = [{name: 'l2', verdict} as never];
  expect(sentencesOf({rows, leftOut: []}, 'error')[1]).toMatch(/^l2: within chance \(\+0\.0 ± 1\.0;/);
});

it('what is the same is not said to be chance, in rows and in what is left out', () => {
  const [row] = verdicts([{name: 'l2', errors: [0.1, 0.2]}], [0.1, 0.2]);
  const of = (name: string) => ({name, verdict: row}) as never;
  expect(sentencesOf({rows: [of('winner'), of('l2')], leftOut: [of('without l2')]}, 'error')).toEqual([
    'The winner: the same error as the baseline on each of 2 seeds.',
    'l2: the same error as the baseline on each of 2 seeds.',
    'The winner without l2 has the same error on each of 2 seeds: nothing is lost without it.',
  ]);
});

describe('a search', () => {
  it('finds what helps, how strong, and says so over seeds that it never trained on', async () => {
    const seeds = {search: new Set<number>(), report: new Set<number>()};
    let stage = '';
    const result = await search({
      ...base,
      onProgress: (progress) => {
        stage = progress.stage;
        seeds[stage === 'report' ? 'report' : 'search'].add(progress.last.trial.seed);
      },
    });
    expect(stage).toBe('report');
    expect([...seeds.report].filter((seed) => seeds.search.has(seed))).toEqual([]);
    expect(seeds.report.size).toBe(5);
    expect(result.judgedBy).toBe('test');
    const words = Object.fromEntries(result.rows.map(({name, verdict}) => [name, verdict?.word]));
    expect(words).toMatchObject({winner: 'helps', helpful: 'helps', alike: 'helps'});
    expect(result.refused).toEqual([{name: 'failing', why: '[failing] the loss is not finite'}]);
    expect(words['useless']).not.toBe('helps');
    expect(words['harmful']).not.toBe('helps');
    expect(Object.keys(result.winner)).toEqual(expect.arrayContaining(['helpful', 'alike']));
    expect(row(result, 'winner').test!).toBeLessThan(row(result, 'helpful').test!);
    expect(Math.abs(Math.log10(Number(result.winner['helpful.strength'])) + 2)).toBeLessThan(0.6);
    expect(Math.abs(Math.log10(Number(result.winner['learningRate'])) + 2.5)).toBeLessThan(0.6);
    const lost = Object.fromEntries(result.leftOut.map(({name, verdict}) => [name, verdict?.word]));
    expect(lost).toMatchObject({'without helpful': 'hurts', 'without alike': 'hurts'});
    expect(result.sentences.find((sentence) => sentence.startsWith('helpful'))).toMatch(
      /^helpful helps: −(?:9\.\d|10\.0) ± \d\.\d+ points, 5 of 5 seeds\.$/,
    );
    expect(row(result, 'winner').test! - row(result, 'winner').validation!).toBeCloseTo(0.01, 10);
  });

  it('tunes the learning rate for the baseline, too', async () => {
    const {baseline} = await search(base);
    expect(Math.abs(Math.log10(Number(baseline.point['learningRate'])) + 2.5)).toBeLessThan(0.61);
    expect(baseline.point).not.toHaveProperty('helpful');
  });

  it('grows a grid whose best is at its edge', async () => {
    const far: RunTrial = (plan) => {
      const [part] = plan.parts;
      const gain = part ? 0.02 * Math.log10(Number(part.options['strength'])) : 0.2;
      return {validation: 0.5 - gain + 0.001 * randomStream(plan.seed, JSON.stringify(plan.point))()};
    };
    const {curves} = await search({...base, techniques: [techniques[0]!], run: (plan) => far({...plan})});
    // Strength 1 is the end of the interval; less is worse, yet none of it is best.
    const values = curves[0]!.points.map(({value}) => Number(value));
    expect(Math.max(...values)).toBeGreaterThan(1);
  });

  it('looks at the best again on other seeds, so that luck is not chosen', async () => {
    // Nothing does anything, and one seed in three is kind to whatever is tried on it.
    const luck: RunTrial = ({seed, point}) => ({
      validation: 0.3 + 0.05 * randomStream(seed, JSON.stringify(point))(),
    });
    const seen = new Map<number, number>();
    const result = await search({
      ...base,
      techniques: techniques.slice(0, 4),
      run: (plan) => {
        seen.set(plan.seed, (seen.get(plan.seed) ?? 0) + 1);
        return luck(plan);
      },
    });
    // Three seeds of the race, four of the finals, five of the report.
    expect(seen.size).toBe(12);
    const winner = row(result, 'winner');
    if (winner) expect(winner.verdict!.word).toBe('within chance');
    for (const {verdict} of result.rows) expect(verdict!.word).toBe('within chance');
  });

  it('tunes the settings of what helps, which may need others', async () => {
    // With it, a longer training is better; without, a shorter one.
    const epochs = {
      key: 'epochs',
      search: {from: 4, to: 64, scale: 'log'},
      integer: true,
      default: 16,
      when: [],
    };
    const longer: RunTrial = ({point, parts, seed}) => ({
      validation:
        0.3 -
        0.05 * parts.length +
        0.02 * Math.abs(Math.log2(Number(point['epochs']) / (parts.length > 0 ? 48 : 6))) +
        0.002 * randomStream(seed, 'noise')(),
    });
    const {rows, baseline} = await search({
      ...base,
      techniques: techniques.slice(0, 1),
      settings: [epochs as Parameter],
      run: longer,
    });
    expect(Number(baseline.point['epochs'])).toBeLessThan(9);
    const alone = rows.find(({family}) => family === 'tests') ?? rows[0]!;
    expect(Number(alone.point['epochs'])).toBeGreaterThan(30);
  });

  it('says that nothing helps where nothing does', async () => {
    const {rows, winner, sentences} = await search({...base, techniques: [techniques[3]!], trials: 60});
    expect(winner).not.toHaveProperty('harmful');
    expect(rows.map(({name}) => name)).toEqual(['harmful']);
    expect(sentences[0]).toBe(
      'Nothing that was tried was better than the baseline on validation examples, by a standard error or more.',
    );
  });

  it('keeps to its budget, and says what it did not reach', async () => {
    const many = Array.from({length: 40}, (_, i) => techniqueNamed(`t${i}`));
    const flat: RunTrial = ({seed}) => ({validation: 0.3 + 0.01 * randomStream(seed, 'flat')()});
    const {untried, trials} = await search({techniques: many, run: flat, trials: 60, seed: 1});
    expect(untried.length).toBeGreaterThan(0);
    // One technique more may have begun, and the report comes on top.
    expect(trials).toBeLessThan(60 + 5 * 3 + (1 + 40 - untried.length + 6) * 5);
  });

  it.each([1, 2, 5])(
    'in %i minutes of trainings of a second: compositions have their share',
    async (minutes) => {
      const {slow, seconds, restore} = ownClock();
      const many = [
        ...techniques.slice(0, 2),
        ...Array.from({length: 38}, (_, i) => techniqueNamed(`t${i}`)),
      ];
      const spent: Record<string, number> = {baseline: 0, alone: 0, together: 0, report: 0};
      let before = 0;
      const result = await search({
        techniques: many,
        run: (plan) => slow({...plan, parts: plan.parts.filter(({name}) => !name.startsWith('t'))}),
        settings: [
          {key: 'learningRate', search: {from: 1e-4, to: 1e-1, scale: 'log'}, integer: false, when: []},
          {key: 'schedule', search: {values: ['constant', 'cosine']}, integer: false, when: []},
          {key: 'epochs', search: {from: 4, to: 64, scale: 'log'}, integer: true, when: []},
        ],
        minutes,
        rows: 'families',
        seed: 4,
        onProgress: ({stage}) => {
          spent[stage]! += seconds() - before;
          before = seconds();
        },
      });
      restore();
      const all = 60 * minutes;
      // The first three trainings are there in any case.
      expect(spent['baseline']).toBeLessThanOrEqual(Math.max(3, stageShares.baseline * all));
      expect(spent['together']).toBeGreaterThanOrEqual(0.25 * all);
      expect(seconds()).toBeLessThan(1.6 * all);
      const tried = many.length - result.untried.length;
      expect(tried).toBeGreaterThanOrEqual({1: 2, 2: 4, 5: 15}[minutes]!);
      expect(result.untuned.length).toBe({1: 2, 2: 1, 5: 0}[minutes]!);
      expect(result.rows.find(({name}) => name === 'winner')?.verdict?.word).toBe('helps');
    },
  );

  it('goes on with other techniques where nothing helps that was tried', async () => {
    const {slow, restore} = ownClock();
    const many = Array.from({length: 30}, (_, i) => techniqueNamed(i === 22 ? 'helpful' : `t${i}`));
    const of: RunTrial = (plan) => {
      const {validation} = slow({
        ...plan,
        parts: plan.parts.filter(({name}) => name === 'helpful'),
      }) as TrialErrors;
      // What is no help does harm.
      return {validation: validation + (plan.parts.some(({name}) => name.startsWith('t')) ? 0.05 : 0)};
    };
    const {untried, rows} = await search({techniques: many, run: of, minutes: 4, seed: 4});
    restore();
    // Fewer than twenty have their turn in the share that techniques have where something helps.
    expect(untried).not.toContain('helpful');
    expect(rows.find(({name}) => name === 'helpful')?.verdict?.word).toBe('helps');
  });

  it('tries techniques also where a report takes longer than all that it has', async () => {
    const {slow, restore} = ownClock();
    // Forty trials, of which the baseline is a dozen, and the report by itself would be as many.
    const {curves, rows} = await search({
      techniques: techniques.slice(0, 2),
      run: slow,
      minutes: 40 / 60,
      seed: 4,
    });
    restore();
    expect(curves.length).toBeGreaterThan(0);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('ends in time, and leaves what is wanted of it afterwards', async () => {
    const secondsOf = async (afterwards: number): Promise<number> => {
      const {slow, seconds, restore} = ownClock();
      await search({techniques, run: slow, minutes: 4, afterwards, seed: 4});
      restore();
      return seconds();
    };
    const [all, most] = [await secondsOf(0), await secondsOf(30)];
    // What has begun is ended: a round of compositions, the settings of a technique.
    expect(all).toBeGreaterThan(200);
    expect(all).toBeLessThan(250);
    expect(most).toBeGreaterThan(170);
    expect(most).toBeLessThan(220);
  });

  it('takes folds in turn, and says less of what they show than seeds would', async () => {
    const folds = {search: new Map<number, number>(), report: new Map<number, number>()};
    const seen: RunTrial = (plan) => {
      folds[plan.seed % 2 === 0 ? 'search' : 'report'].set(plan.seed, plan.fold!);
      return run(plan);
    };
    const short = {...options, techniques: techniques.slice(0, 1)};
    const result = await search({...short, run: seen, folds: 4});
    expect([...folds.report.values()].toSorted()).toEqual([0, 0, 1, 2, 3]);
    expect([...folds.search.values()].toSorted()).toEqual([0, 0, 1, 1, 2, 2, 3]);
    const plain = await search({...short, run});
    const [one, other] = [result.rows.at(-1)!.verdict!, plain.rows.at(-1)!.verdict!];
    // Nadeau and Bengio: 1/5 becomes 1/5 + 1/3.
    expect(one.mean).toBeCloseTo(other.mean, 12);
    expect(one.standardError / other.standardError).toBeCloseTo(Math.sqrt((1 / 5 + 1 / 3) * 5), 10);
    await expect(search({...options, run: undefined as never, folds: 4})).rejects.toMatchObject({
      code: 'no-way-to-train',
    });
  });

  it('ends where all that there is has been tried', async () => {
    const [{create, ...rest}] = techniques as [Technique];
    const plain = defineTechnique({...rest, name: 'plain', options: {}, create});
    const settings = [{key: 'learningRate', search: {values: [1e-2]}, integer: false, when: []}];
    const better: RunTrial = ({parts, seed}) => ({
      validation: 0.3 - 0.1 * parts.length + 0.01 * randomStream(seed, 'better')(),
    });
    const {winner} = await search({techniques: [plain], settings, run: better, trials: 1000});
    expect(winner).toMatchObject({plain: true});
  });

  it('reports the best of each family where that is asked for, at the same winner', async () => {
    const [helpful, alike, useless, harmful] = techniques as [Technique, Technique, Technique, Technique];
    const own = [helpful, {...alike, family: 'other'}, useless, {...harmful, family: 'other'}];
    const each = await search({...options, techniques: own});
    const best = await search({...options, techniques: own, rows: 'families'});
    expect(each.rows.map(({name}) => name).toSorted()).toEqual(
      ['alike', 'harmful', 'helpful', 'useless', 'winner'].filter((name) => !each.untried.includes(name)),
    );
    expect(best.rows.map(({name, family}) => [name, family])).toEqual([
      ['winner', undefined],
      ['helpful', 'tests'],
      ['alike', 'other'],
    ]);
    expect(best.winner).toEqual(each.winner);
  });

  it('says losses as they are', async () => {
    const {sentences} = await search({...options, measure: 'loss'});
    expect(sentences.find((one) => one.startsWith('helpful'))).toMatch(
      /^helpful helps: −0\.\d+ ± 0\.0\d+, 5 of 5/,
    );
  });

  it('is the same each time', async () => {
    const one = await search({...base, trials: 120});
    expect(await search({...base, trials: 120})).toEqual(one);
  });
});

/** A study in memory, of a process of which no other lives. */
function storageOf(owner: string, before = ''): StudyStorage {
  let text = before;
  return {
    owner,
    read: async () => text,
    append: async (more) => {
      text += more;
    },
    isAlive: (other) => other === owner,
  };
}

describe('several trials at once', () => {
  /** Takes a while, as other processes do, and not always the same one. */
  const elsewhere = () => {
    const seen: string[] = [];
    let [underWay, most] = [0, 0];
    const of: RunTrial = async (plan) => {
      seen.push(JSON.stringify([plan.seed, plan.point]));
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 4 * randomStream(seen.length, 'pause')()));
      underWay -= 1;
      return run(plan);
    };
    return {run: of, seen, most: () => most, underWay: () => underWay};
  };

  it.each([3, 16])('come to what one after another comes to: %i', async (concurrency) => {
    const expected = await search(base);
    const {run: slowly, seen, most} = elsewhere();
    expect(await search({...base, run: slowly, concurrency})).toEqual(expected);
    expect(most()).toBe(concurrency);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('are shared with another process that does the same', async () => {
    const study = memoryStudy();
    const {run: slowly, seen} = elsewhere();
    const both = await Promise.all([1, 2].map(() => search({...base, run: slowly, concurrency: 3, study})));
    expect(both).toEqual([await search(base), both[0]]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('all end where one ends the search, and are left to those who go on', async () => {
    const study = memoryStudy();
    const {run: slowly, seen, underWay} = elsewhere();
    const told = new Set<AbortSignal>();
    const broken: RunTrial = async (plan) => {
      told.add(plan.signal);
      if (seen.length === 20) throw new TypeError('mine');
      return slowly(plan);
    };
    await expect(search({...base, run: broken, concurrency: 4, study})).rejects.toThrow(
      new TypeError('mine'),
    );
    expect(underWay()).toBe(0);
    expect([...told].every(({aborted}) => aborted)).toBe(true);
    expect(await search({...base, study})).toEqual(await search(base));
  });
});

describe('a study', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'study-'));
  });
  afterEach(() => rmSync(folder, {recursive: true}));
  const short = options;
  /** Counts trainings, and ends the search after some. */
  const ended = (after: number): {run: RunTrial; signal: AbortSignal; ran: () => number} => {
    const controller = new AbortController();
    let ran = 0;
    return {
      ran: () => ran,
      signal: controller.signal,
      run: (plan) => {
        ran += 1;
        if (ran === after) controller.abort();
        return run(plan);
      },
    };
  };

  it('goes on where its search was ended, and trains nothing twice', async () => {
    const whole = ended(Infinity);
    const expected = await search({...short, run: whole.run});
    const path = join(folder, 'deep', 'study.jsonl');
    const first = ended(30);
    await expect(
      search({...short, run: first.run, signal: first.signal, study: studyFile(path)}),
    ).rejects.toMatchObject({
      code: 'aborted',
    });
    const second = ended(Infinity);
    expect(await search({...short, run: second.run, study: studyFile(path)})).toEqual(expected);
    // The one that was under way is run again.
    expect(first.ran() + second.ran()).toBe(whole.ran() + 1);
    const third = ended(Infinity);
    expect(await search({...short, run: third.run, study: studyFile(path)})).toEqual(expected);
    expect(third.ran()).toBe(0);
  });

  it('goes on counting the time that its search has taken', async () => {
    const study = memoryStudy();
    const first = ended(8);
    const slow: RunTrial = async (plan) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return first.run(plan);
    };
    const seconds: number[] = [];
    const onProgress: SearchOptions['onProgress'] = (progress) => seconds.push(progress.seconds);
    await expect(
      search({...short, run: slow, signal: first.signal, study, concurrency: 2, onProgress}),
    ).rejects.toMatchObject({code: 'aborted'});
    const before = seconds.at(-1)!;
    await search({...short, study, onProgress});
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    // No more than the clock's, however many were under way at once.
    expect(before).toBeGreaterThan(0.03);
    expect(before).toBeLessThan(seconds.at(-1)!);
  });

  it('says how far it is, and whether its search came to its end', async () => {
    const study = memoryStudy();
    expect(await studySoFar(study)).toBeUndefined();
    const first = ended(12);
    const trained: string[] = [];
    const seen: RunTrial = (plan) => {
      trained.push(nameOfTrial(plan));
      return first.run(plan);
    };
    await expect(search({...short, run: seen, signal: first.signal, study})).rejects.toMatchObject({
      code: 'aborted',
    });
    const soFar = (await studySoFar(study))!;
    expect(soFar).toMatchObject({isReported: false, isInUse: false});
    expect(new Set(soFar.trials.map(nameOfTrial))).toEqual(new Set(trained.slice(0, 11)));
    const {trials} = await search({...short, study});
    expect(await studySoFar(study)).toMatchObject({isReported: true, trials: {length: trials}});
    await study.append('\n{"type":"claim","trial":"[1,{}]","by":"me 1","owner":"me"}\n');
    expect((await studySoFar(study))!.isInUse).toBe(true);
  });

  it('is of what its way to train is about', async () => {
    const study = memoryStudy();
    await search({...short, study, about: 'glyphs'});
    await expect(search({...short, study, about: 'mnist'})).rejects.toMatchObject({code: 'other-study'});
  });

  it('is read wherever its writer was killed: every byte of it', async () => {
    const path = join(folder, 'study.jsonl');
    const small: SearchOptions = {
      ...short,
      techniques: techniques.slice(0, 1),
      trials: 10,
      strengths: 2,
      reportSeeds: 2,
    };
    const expected = await search({...small, study: studyFile(path)});
    const text = readFileSync(path);
    // Each byte of the first lines and of the last ones, and some between.
    const cuts = Array.from({length: text.length}, (_, i) => i).filter(
      (i) => (i > 1200 && i < 1500) || i > text.length - 200 || i % 197 === 0,
    );
    for (const cut of cuts) {
      const left = storageOf('next', text.subarray(0, cut).toString());
      expect(await search({...small, study: left}), `cut at ${cut}`).toEqual(expected);
    }
    expect(cuts.length).toBeGreaterThan(400);
  });

  it('is shared by two at once, who come to what one comes to', async () => {
    const expected = await search(short);
    const study = memoryStudy();
    const slowly: RunTrial = async (plan) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return run(plan);
    };
    const seen: string[] = [];
    const noted: RunTrial = (plan) => {
      seen.push(JSON.stringify([plan.seed, plan.point]));
      return slowly(plan);
    };
    const both = await Promise.all([1, 2].map(() => search({...short, run: noted, study})));
    expect(both).toEqual([expected, expected]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('takes over what a killed process had claimed', async () => {
    const first = ended(5);
    const killed = storageOf('killed');
    // What is killed releases nothing.
    const append = async (more: string): Promise<void> =>
      more.includes('"release"') ? undefined : killed.append(more);
    const ending = search({...short, run: first.run, signal: first.signal, study: {...killed, append}});
    await expect(ending).rejects.toMatchObject({code: 'aborted'});
    const left = await killed.read();
    expect(left.match(/"claim"/g)!.length).toBe(left.match(/"type":"outcome"/g)!.length + 1);
    const result = await search({...short, study: storageOf('next', left)});
    expect(result).toEqual(await search(short));
  });

  it.each([
    ['bad-study', 'x,y\n1,2\n'],
    ['bad-study', '{"type":"study","format":"regularizers-study 1","about":"a"}\n{"type":"strange"}\n'],
    [
      'bad-study',
      '{"type":"study","format":"regularizers-study 1","about":"a"}\n{"type":"outcome","trial":"t","outcome":{}}\n',
    ],
    ['other-study', '{"type":"study","format":"regularizers-study 1","about":"a"}\n'],
  ])('refuses by %s what is not its own, and leaves it alone', async (code, text) => {
    const path = join(folder, 'other.jsonl');
    writeFileSync(path, text);
    await expect(search({...short, study: studyFile(path)})).rejects.toMatchObject({code});
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

it.each([
  ['no-budget', {techniques, run}],
  ['no-way-to-train', {techniques, trials: 10}],
  ['duplicate-name', {techniques: [techniques[0]!, techniques[0]!], run, trials: 10}],
  ['bad-option', {techniques: [], run, trials: 10}],
  ['missing-option', {techniques, run, trials: 10, settings: [{}]}],
  ['out-of-range', {techniques, run, trials: 3}],
  ['missing-option', {techniques, trials: 10, model: () => undefined as never}],
  ['no-way-to-train', {techniques, trials: 10, model: () => undefined as never, concurrency: 2}],
  ['out-of-range', {techniques, run, trials: 10, concurrency: 0}],
] as const)('refuses by %s', async (code, given) => {
  await expect(search(given as SearchOptions)).rejects.toMatchObject({code});
});

it('says why the baseline cannot be trained', async () => {
  const never: RunTrial = () => ({validation: Number.NaN});
  await expect(search({...base, run: never})).rejects.toMatchObject({code: 'no-baseline'});
});

it('lets faults of the way to train through', async () => {
  const broken: RunTrial = () => {
    throw new TypeError('mine');
  };
  await expect(search({...base, run: broken})).rejects.toThrow(new TypeError('mine'));
});
