import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {mlp} from './cases.ts';
import {attempt, type Bench, headlinePlugins} from './experiments.ts';
import {peerNamed} from './peers.ts';
import {kerasEnvironment, pythonOf} from './python.ts';
import type {Trace} from './results.ts';

const script = fileURLToPath(new URL('../peers/trace_graph.py', import.meta.url));
const settings: Readonly<Record<string, readonly string[]>> = {
  bare: [],
  ...Object.fromEntries(['l2', 'weightDecay', 'ema', 'mixup', 'inputNoise'].map((name) => [name, [name]])),
  'all headline': headlinePlugins,
};

/** What runs within TensorFlow in a captured step of the MLP, told by TensorFlow's own tracing of the same graph. */
export async function traces(bench: Bench): Promise<readonly Trace[]> {
  const {programs, tasks, say} = bench;
  const python = await pythonOf(kerasEnvironment, say);
  if (python === undefined) return [];
  const found: Trace[] = [];
  for (const [name, plugins] of Object.entries(settings)) {
    say(`trace: ${name}`);
    const folder = mkdtempSync(join(tmpdir(), 'regularizers-graph-'));
    await attempt(bench, `trace of ${name}`, async () => {
      const child = await programs.of(peerNamed('captured'));
      const task = tasks.make(mlp(), {batch: 128, steps: 4, plugins});
      await child?.ask({op: 'graph', task, folder});
      const {stdout} = await promisify(execFile)(python, [script, folder]);
      found.push({name, ops: JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Trace['ops']});
    });
    rmSync(folder, {recursive: true, force: true});
  }
  return found;
}
