// A process that speaks as `lab trainer` does, and trains nothing: a task's name says what it is to do, and its seed what
// comes of it. It writes a line in FAKE_LOG for each task that it begins.
import {appendFileSync} from 'node:fs';
import process from 'node:process';
import {errorAt} from './formula.mjs';

const {FAKE_LOG: log} = process.env;
const note = (line) => log && appendFileSync(log, `${JSON.stringify(line)}\n`);

process.on('message', async ({recipe: {name, seed, point}}) => {
  note({name, seed, point, pid: process.pid, at: Date.now()});
  const [what, ...rest] = name.split(' ');
  if (what === 'dies') process.kill(process.pid, 'SIGKILL');
  if (what === 'prints') {
    process.stderr.write('out of memory\n');
    process.exit(3);
  }
  if (what === 'hangs') return;
  if (what === 'ends') process.kill(process.ppid, 'SIGKILL');
  if (what === 'formula') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return process.send({report: {testError: errorAt({point, seed})}});
  }
  if (what === 'sleeps') await new Promise((resolve) => setTimeout(resolve, Number(rest[0])));
  if (what === 'refuses')
    return process.send({refused: {where: 'native', code: 'no-native', message: 'not here'}});
  if (what === 'fails')
    return process.send({error: {where: 'l2', code: 'not-finite', message: 'it diverged'}});
  if (what === 'breaks') return process.send({error: {where: 'lab', code: 'unexpected', message: 'a bug'}});
  if (what === 'tells') for (const epoch of [1, 2]) process.send({progress: {epoch}});
  process.send({report: {testError: seed, threads: process.env['TF_NUM_INTRAOP_THREADS']}});
});
process.on('disconnect', () => process.exit());
