// A search over a formula, whose trials are trained at a queue: in a process of its own, which queue.node.test.ts kills. A
// line for each trial that is done, then the result.
import {argv, exit, stdout} from 'node:process';
import {search} from '@regularizers/search';
import {studyFile} from '@regularizers/search/node';
import {askQueue} from '../../src/workers/queue/ask.ts';
import {options, recipeOf} from './search-options.ts';

const [, , address, study] = argv as [string, string, string, string];
const workers = await askQueue(address, {version: '1', say: (line) => stdout.write(`${line}\n`)});
const result = await search({
  ...options,
  concurrency: 100,
  study: studyFile(study),
  run: async ({point, seed, signal}) => {
    const {testError} = await workers.train(recipeOf(point, seed), {signal});
    return {validation: testError, test: testError};
  },
  onProgress: ({trials}) => stdout.write(`trial ${trials}\n`),
});
await workers.close();
stdout.write(`${JSON.stringify({result})}\n`, () => exit());
