// A worker at a queue whose trainers are fakes: a process of its own, which queue.node.test.ts kills.
import {argv, exit, stdout} from 'node:process';
import {startProcesses} from '../../src/workers/processes.ts';
import {serveQueue} from '../../src/workers/queue/serve.ts';

const [, , address, trainer, silence] = argv as [string, string, string, string, string];
const workers = startProcesses({
  entry: {file: trainer, execArgv: []},
  count: 2,
  plugins: [],
  attempts: 1,
});
stdout.write('ready\n');
await serveQueue(address, {
  version: '1',
  workers,
  count: 2,
  silence: Number(silence),
  say: (line) => stdout.write(`${line}\n`),
  signal: new AbortController().signal,
});
exit();
