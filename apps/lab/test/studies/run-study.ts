// Runs a study: see `scripts/study.mjs`.
import {readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {type RunTrial, search} from '@regularizers/search';
import {studyFile} from '@regularizers/search/node';
import {openRunner} from '../../src/cli/backends.ts';
import {sourcesOf} from '../../src/cli/sources.ts';
import {parseRecipe, type Recipe} from '../../src/recipe.ts';
import {techniques} from '../../src/regularizers.ts';
import {bestRate, type Rates, ratesFile, type Study, studyNamed, trialsFile} from './studies.ts';

/** To begin with: Adam's usual rate, and twice and four times as far to both sides. */
const learningRates = [2.5e-4, 5e-4, 1e-3, 2e-3, 4e-3];

/** Of the race for a learning rate; the search draws its own, and comparisons begin at 0. */
const seeds = [100, 101, 102];

/** Trains what a point says, and reports its validation error: test examples take no part. */
type Train = (regularizers: Recipe['regularizers'], learningRate: number, seed: number) => Promise<number>;

/**
 * The learning rate of the baseline comes first and stays, so that what a row gains is its regularizer's. Where the best is
 * at an edge of those that were tried, there are more.
 */
async function tuneRate({name}: Study, train: Train): Promise<number> {
  const rates = await knownRates(name);
  for (let next = nextRate(rates); next !== undefined; next = nextRate(rates)) {
    const errors: number[] = [];
    for (const seed of seeds) errors.push(await train([], next, seed));
    rates.push({learningRate: next, errors});
    await writeFile(ratesFile(name), `${JSON.stringify(rates, null, 2)}\n`);
  }
  return bestRate(rates);
}

async function knownRates(name: string): Promise<Rates[number][]> {
  try {
    return JSON.parse(await readFile(ratesFile(name), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function nextRate(rates: Rates): number | undefined {
  const tried = rates.map(({learningRate}) => learningRate);
  const first = learningRates.find((rate) => !tried.includes(rate));
  if (first !== undefined) return first;
  const best = bestRate(rates);
  if (best === Math.max(...tried)) return 2 * best;
  return best === Math.min(...tried) ? best / 2 : undefined;
}

/** Runs a study to its end, or goes on with it; of no trials, for its learning rate alone. */
export async function runStudy(name: string, trials: number): Promise<void> {
  const study = studyNamed(name);
  const {base, families} = study;
  const {stdout, stderr} = process;
  const signal = new AbortController().signal;
  const {runner} = await openRunner('native', base, sourcesOf({stdout, stderr, signal}), signal);
  const train: Train = async (regularizers, learningRate, seed) => {
    const optimizer = {name: 'adam', learningRate, schedule: 'constant'};
    const {validation} = await runner.run(parseRecipe({...base, optimizer, seed, regularizers}));
    return 1 - validation['accuracy']!;
  };
  const learningRate = await tuneRate(study, train);
  if (trials === 0) return;
  const run: RunTrial = async ({parts, seed}) => {
    const regularizers = parts.flatMap((part) => {
      const {beside = []} = families.find((one) => one.name === part.name)!;
      return [{name: part.technique.name, ...part.options}, ...beside];
    });
    return {validation: await train(regularizers, learningRate, seed)};
  };
  const result = await search({
    techniques: families.map(({name, regularizer: {name: technique, ...options}}) => ({
      technique: techniques.find((one) => one.name === technique)!,
      name,
      options,
    })),
    run,
    settings: [],
    trials,
    reportSeeds: 2,
    study: studyFile(fileURLToPath(trialsFile(name))),
    onProgress: ({stage, trials: done, seconds, last, best}) =>
      stderr.write(
        `${name} ${stage} ${done} ${seconds.toFixed(0)} s, ${JSON.stringify(last)}, best ${JSON.stringify(best)}\n`,
      ),
  });
  // Claims say who trained what while the search went on.
  const text = await readFile(trialsFile(name), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('{"type":"claim"'));
  await writeFile(trialsFile(name), `${lines.join('\n')}\n`);
  stdout.write(`${JSON.stringify({learningRate, ...result}, null, 1)}\n`);
}
