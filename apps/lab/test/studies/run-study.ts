// Runs a study: see `scripts/study.mjs`.
import {readFile, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {type RunTrial, search} from '@regularizers/search';
import {studyFile} from '@regularizers/search/node';
import {openRunner} from '../../src/cli/backends.ts';
import {sourcesOf} from '../../src/cli/sources.ts';
import {withWorkers} from '../../src/cli/workers.ts';
import {parseRecipe} from '../../src/recipe.ts';
import {techniques} from '../../src/regularizers.ts';
import {studyNamed, trialsFile} from './studies.ts';

/** The command line as it was built, which trains in processes of its own. */
const entry = {file: fileURLToPath(new URL('../../bin/lab.js', import.meta.url)), execArgv: []};

/** Runs a study to its end, or goes on with it. Validation errors are all that it sees: test examples take no part. */
export async function runStudy(name: string, trials: number): Promise<void> {
  const {base, families} = studyNamed(name);
  const {stdout, stderr} = process;
  const terminal = {stdout, stderr, signal: new AbortController().signal};
  const sources = {...sourcesOf(terminal), entry};
  const opened = await openRunner('native', base, sources, terminal.signal);
  const {runner, concurrency} = await withWorkers(opened, {}, terminal, sources);
  const run: RunTrial = async ({parts, seed}) => {
    const regularizers = parts.flatMap((part) => {
      const {beside = []} = families.find((one) => one.name === part.name)!;
      return [{name: part.technique.name, ...part.options}, ...beside];
    });
    const {validation} = await runner.run(parseRecipe({...base, seed, regularizers}));
    return {validation: 1 - validation['accuracy']!};
  };
  const result = await search({
    techniques: families.map(({name, regularizer: {name: technique, ...options}}) => ({
      technique: techniques.find((one) => one.name === technique)!,
      name,
      options,
    })),
    run,
    concurrency,
    settings: [],
    trials,
    reportSeeds: 2,
    study: studyFile(fileURLToPath(trialsFile(name))),
    onProgress: ({stage, trials: done, seconds, last, best}) =>
      stderr.write(
        `${name} ${stage} ${done} ${seconds.toFixed(0)} s, ${JSON.stringify(last)}, best ${JSON.stringify(best)}\n`,
      ),
  });
  await runner.close();
  // Claims say who trained what while the search went on.
  const text = await readFile(trialsFile(name), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('{"type":"claim"'));
  await writeFile(trialsFile(name), `${lines.join('\n')}\n`);
  stdout.write(`${JSON.stringify(result, null, 1)}\n`);
}
