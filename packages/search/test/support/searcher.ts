// A search in a process of its own, which shared-study.node.test.ts kills: a line for each training, then the result.
import {once} from 'node:events';
import {argv, exit, stdin, stdout} from 'node:process';
import {search} from '../../src/index.ts';
import {studyFile} from '../../src/node/index.ts';
import {options, run} from './formula.ts';

stdout.write('ready\n');
await once(stdin.resume(), 'end');

const result = await search({
  ...options,
  study: studyFile(argv[2]!),
  run: async (plan) => {
    stdout.write(`${JSON.stringify([plan.seed, plan.point])}\n`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    return run(plan);
  },
});
stdout.write(`${JSON.stringify({result})}\n`, () => exit());
