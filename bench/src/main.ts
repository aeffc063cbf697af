// `npm run bench`: measures, writes results/bench.json and, of a whole run, docs/guides/benchmarks.md.
import {mkdirSync, renameSync, writeFileSync} from 'node:fs';
import {cpus, loadavg, totalmem} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {caseNamed, cases} from './cases.ts';
import * as experiments from './experiments.ts';
import {Programs, peerNamed, peers} from './peers.ts';
import {writePage} from './report/page.ts';
import {summary} from './report/tables.ts';
import type {Comparison, Results} from './results.ts';
import {Tasks} from './tasks.ts';

const comparisons: Readonly<Record<string, (bench: experiments.Bench) => Promise<readonly Comparison[]>>> = {
  steps: experiments.stepTimes,
  overhead: experiments.overhead,
  plugins: experiments.pluginCosts,
  count: experiments.pluginCounts,
  width: experiments.widths,
  ensemble: experiments.ensembles,
  first: experiments.firstSteps,
  augment: experiments.augmentation,
};
const names = [...Object.keys(comparisons), 'memory', 'profile'];
const root = fileURLToPath(new URL('../..', import.meta.url));

const help = `Measures our trainer beside tfjs, PyTorch and Keras, all taking turns on this machine.

  npm run bench -- [options]

  --quick            a small subset, in about two minutes
  --only a,b         experiments: ${names.join(', ')}
  --cases a,b        models: ${cases.map(({name}) => name).join(', ')}
  --peers a,b        ${peers.map(({name}) => name).join(', ')}
  --batches 32,128   batch sizes
  --rounds 9         rounds that count
  --steps 60         steps in a turn
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
    page: {type: 'boolean', default: false},
    help: {type: 'boolean', default: false},
  },
});

if (options.help) process.stdout.write(help);
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
    rounds: Number(options.rounds ?? (quick ? 7 : 11)),
    warmUps: 2,
    steps: Number(options.steps ?? (quick ? 24 : 60)),
    widths: quick ? [128, 512] : [64, 128, 256, 512, 1024],
    members: quick ? [1, 8] : [1, 2, 4, 8],
    memorySteps: quick ? 500 : 2000,
    backends: quick ? ['native'] : ['native', 'cpu'],
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
  try {
    const bench = {plan, programs, tasks, say, problem};
    const found: Comparison[] = [];
    for (const [name, run] of Object.entries(comparisons)) {
      if (only.includes(name)) found.push(...(await run(bench)));
    }
    const results: Results = {
      ...about,
      comparisons: found,
      memory: only.includes('memory') ? await experiments.memory(bench) : {},
      profiles: only.includes('profile') ? await experiments.profiles(bench) : [],
      problems,
    };
    process.stdout.write(summary(results));
    save(join(root, 'results', 'bench.json'), JSON.stringify(results, null, 1));
    const isWhole = !quick && !options.only && !options.cases && !options.peers;
    if (isWhole || options.page) writePage(join(root, 'docs', 'guides'), results, save);
  } finally {
    programs.end();
    tasks.clear();
  }
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
