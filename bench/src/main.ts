// `npm run bench`: measures, writes results/bench.json and, of a whole run, docs/guides/benchmarks.md.
import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {cpus, loadavg, totalmem} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {caseNamed, cases} from './cases.ts';
import {exchanges} from './exchanges.ts';
import * as experiments from './experiments.ts';
import {Programs, peerNamed, peers} from './peers.ts';
import {writePage} from './report/page.ts';
import {summary} from './report/tables.ts';
import type {Comparison, Results} from './results.ts';
import {Tasks} from './tasks.ts';
import {traces} from './traces.ts';

const comparisons: Readonly<Record<string, (bench: experiments.Bench) => Promise<readonly Comparison[]>>> = {
  steps: experiments.stepTimes,
  overhead: experiments.overhead,
  plugins: experiments.pluginCosts,
  count: experiments.pluginCounts,
  width: experiments.widths,
  ensemble: experiments.ensembles,
  first: experiments.firstSteps,
  augment: experiments.augmentation,
  exchanges,
};
const names = [...Object.keys(comparisons), 'memory', 'profile', 'trace'];
const root = fileURLToPath(new URL('../..', import.meta.url));
const resultsFile = join(root, 'results', 'bench.json');

const help = `Measures our trainer beside tfjs, PyTorch and Keras, all taking turns on this machine.

  npm run bench -- [options]

  --quick            a small subset, in about two minutes
  --only a,b         experiments: ${names.join(', ')}
  --cases a,b        models: ${cases.map(({name}) => name).join(', ')}
  --peers a,b        ${peers.map(({name}) => name).join(', ')}
  --batches 32,128   batch sizes
  --rounds 7         rounds that count
  --steps 60         steps in a turn
  --report           measure nothing: the last run's tables, and with --page its page
  --merge            measure some of the last run again, and put it in the place of what was there
  --page             write the page of docs although this is not a whole run
`;

const {values: options} = parseArgs({
  options: {
    quick: {type: 'boolean', default: false},
    only: {type: 'string'},
    cases: {type: 'string'},
    peers: {type: 'string'},
    batches: {type: 'string'},
    rounds: {type: 'string'},
    steps: {type: 'string'},
    report: {type: 'boolean', default: false},
    merge: {type: 'boolean', default: false},
    page: {type: 'boolean', default: false},
    help: {type: 'boolean', default: false},
  },
});

if (options.help) process.stdout.write(help);
else if (options.report) report(lastResults(), options.page);
else await main();

async function main(): Promise<void> {
  const {quick} = options;
  const only = listOf(options.only) ?? (quick ? ['steps', 'plugins', 'overhead', 'profile'] : names);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown) throw new Error(`There is no experiment ${unknown}. There are: ${names.join(', ')}.`);
  const plan: experiments.Plan = {
    cases: (listOf(options.cases) ?? (quick ? ['mlp', 'cnn'] : cases.map(({name}) => name))).map(caseNamed),
    peers: listOf(options.peers)?.map(peerNamed) ?? peers.filter(({slow}) => !quick || !slow),
    batches: listOf(options.batches)?.map(Number) ?? (quick ? [128] : [32, 128, 512]),
    rounds: Number(options.rounds ?? 7),
    warmUps: 2,
    steps: Number(options.steps ?? (quick ? 20 : 60)),
    widths: quick ? [128, 512] : [64, 128, 256, 512, 1024],
    members: quick ? [1, 8] : [1, 8, 32],
    memorySteps: quick ? 500 : 2000,
    backends: quick ? ['native'] : ['native', 'cpu'],
    isQuick: quick,
  };
  const problems: string[] = [];
  const say = (text: string): void => void process.stderr.write(`\x1b[2m·\x1b[0m ${text}\n`);
  const problem = (text: string): void => {
    problems.push(text);
    process.stderr.write(`\x1b[31m✗\x1b[0m ${text}\n`);
  };
  const about = describeRun(plan);
  const programs = new Programs(say);
  const tasks = new Tasks();
  const cleanUp = (): void => {
    programs.end();
    tasks.clear();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      cleanUp();
      process.exit(1);
    });
  }
  try {
    const bench = {plan, programs, tasks, say, problem};
    let results: Results = options.merge
      ? mergeable(lastResults(), about.command)
      : {...about, comparisons: [], memory: {}, profiles: [], problems};
    const keep = (more: Partial<Results>): void => {
      results = {...results, ...more};
      // After each experiment, so that a run that is interrupted leaves what it had.
      save(resultsFile, JSON.stringify(results, null, 1));
    };
    for (const [name, run] of Object.entries(comparisons)) {
      if (only.includes(name)) keep({comparisons: replaced(results.comparisons, await run(bench))});
    }
    if (only.includes('memory')) keep({memory: await experiments.memory(bench)});
    if (only.includes('profile')) keep({profiles: await experiments.profiles(bench)});
    if (only.includes('trace')) keep({traces: await traces(bench)});
    const isWhole = !quick && !options.only && !options.cases && !options.peers;
    report(results, isWhole || options.page);
  } finally {
    cleanUp();
  }
}

function report(results: Results, withPage: boolean): void {
  process.stdout.write(summary(results));
  if (withPage) writePage(join(root, 'docs', 'guides'), results, save);
}

function lastResults(): Results {
  return JSON.parse(readFileSync(resultsFile, 'utf8')) as Results;
}

/** A run's results, to be added to by another command. */
function mergeable(results: Results, command: string): Results {
  return {...results, command: `${results.command}; ${command}`};
}

/** Old comparisons, in their places, with the new ones for those that were made again. */
function replaced(old: readonly Comparison[], made: readonly Comparison[]): readonly Comparison[] {
  const key = ({experiment, title, batch, backend, size}: Comparison): string =>
    JSON.stringify([experiment, title, batch, backend, size]);
  const again = new Map(made.map((one) => [key(one), one]));
  const before = new Set(old.map(key));
  return [...old.map((one) => again.get(key(one)) ?? one), ...made.filter((one) => !before.has(key(one)))];
}

function describeRun({rounds}: experiments.Plan): Pick<Results, 'command' | 'machine' | 'date' | 'rounds'> {
  const words = process.argv.slice(2);
  return {
    command: ['npm run bench', ...(words.length > 0 ? ['--', ...words] : [])].join(' '),
    date: new Date().toISOString().slice(0, 10),
    rounds,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
      loadBefore: loadavg()[0] ?? 0,
    },
  };
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').map((word) => word.trim());
}

/** Whole or not at all. */
function save(path: string, content: string): void {
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
