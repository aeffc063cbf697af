import {type CaseSpec, mlp} from './cases.ts';
import type {Child} from './child.ts';
import {type Peer, type Programs, peerNamed} from './peers.ts';
import type {Task} from './protocol.ts';
import type {Comparison, MemoryPoint, Results} from './results.ts';
import {type Participant, takeTurns} from './rounds.ts';
import type {Tasks} from './tasks.ts';

/** What a run was asked to do. */
export interface Plan {
  readonly cases: readonly CaseSpec[];
  readonly peers: readonly Peer[];
  readonly batches: readonly number[];
  readonly rounds: number;
  readonly warmUps: number;
  readonly steps: number;
  readonly widths: readonly number[];
  readonly members: readonly number[];
  readonly memorySteps: number;
  readonly backends: readonly string[];
  /** Beyond the steps' times, the MLP alone. */
  readonly isQuick: boolean;
}

/** What experiments work with. */
export interface Bench {
  readonly plan: Plan;
  readonly programs: Programs;
  readonly tasks: Tasks;
  readonly say: (text: string) => void;
  readonly problem: (text: string) => void;
}

/** A training to take part, under a name of its own. */
export interface Entry {
  readonly name: string;
  readonly peer: Peer;
  readonly plugins?: readonly string[];
}

type Kind = Pick<Comparison, 'experiment'> & {readonly size?: number; readonly backend?: string};

/** One turn of each entry after the other; who fails is left out, and named. */
export async function compare(
  bench: Bench,
  spec: CaseSpec,
  batch: number,
  entries: readonly Entry[],
  kind: Kind,
): Promise<Comparison> {
  const {plan, programs, tasks, say} = bench;
  const {backend = 'native'} = kind;
  const steps = stepsFor(plan, spec, batch, backend);
  say(`${kind.experiment}: ${spec.title}, batch ${batch}${backend === 'native' ? '' : `, ${backend}`}`);
  const losses: Record<string, number> = {};
  const participants: Participant[] = [];
  const open: (() => Promise<unknown>)[] = [];
  for (const {name, peer, plugins = []} of entries) {
    const task = tasks.make(spec, {batch, steps, plugins});
    await attempt(bench, `${name} on ${spec.title}`, async () => {
      const child = await programs.of(peer, peer.environment ? 'native' : backend);
      if (!child) return;
      const session = `${name}/${spec.title}/${batch}`;
      if (kind.experiment === 'steps') losses[name] = await firstLoss(child, {...task, shuffle: false});
      await child.ask({op: 'start', session, task});
      open.push(() => child.ask({op: 'stop', session}));
      participants.push({
        name,
        turn: async () => (await child.ask({op: 'turn', session})).milliseconds,
      });
    });
  }
  const times = await takeTurns(participants, {count: plan.rounds, warmUps: plan.warmUps}, bench.problem);
  for (const stop of open) await stop().catch(() => undefined);
  const {title, name: caseName} = spec;
  return {
    ...kind,
    title,
    caseName,
    batch,
    backend,
    steps,
    times,
    ...(kind.experiment === 'steps' && {losses}),
  };
}

async function firstLoss(child: Child, task: Task): Promise<number> {
  const session = 'loss';
  const {loss = Number.NaN} = await child.ask({op: 'start', session, task});
  await child.ask({op: 'stop', session});
  return loss;
}

/** The models that detailed experiments take. */
export function detailCases({cases, isQuick}: Plan): readonly CaseSpec[] {
  return isQuick ? cases.slice(0, 1) : cases;
}

/** Slow models and large batches take fewer steps, so that turns stay short and many. */
function stepsFor({steps}: Plan, {name}: CaseSpec, batch: number, backend: string): number {
  if (backend === 'cpu') return 2;
  if (name === 'mlp' || name === 'autoencoder') return steps;
  const share = name === 'cnn' ? 3 : 6;
  return Math.max(4, Math.round((steps / share) * Math.min(1, 128 / batch)));
}

/** Runs a part; what goes wrong is named, and the run goes on. */
export async function attempt(bench: Bench, what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    bench.problem(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Every case at every batch size, all peers side by side. */
export async function stepTimes(bench: Bench): Promise<Comparison[]> {
  const found: Comparison[] = [];
  for (const spec of bench.plan.cases) {
    for (const batch of bench.plan.batches) {
      const entries = bench.plan.peers
        .filter((peer) => peer.suits(spec))
        .map((peer) => ({name: peer.name, peer}));
      found.push(await compare(bench, spec, batch, entries, {experiment: 'steps'}));
    }
  }
  return found;
}

/** Our trainer, eager, beside a loop by hand of the same operations. */
export async function overhead(bench: Bench): Promise<Comparison[]> {
  const entries = ['eager', 'same'].map((name) => ({name, peer: peerNamed(name)}));
  const found: Comparison[] = [];
  for (const backend of bench.plan.backends) {
    for (const spec of detailCases(bench.plan).filter(({name}) => backend === 'native' || name === 'mlp')) {
      found.push(await compare(bench, spec, 128, entries, {experiment: 'overhead', backend}));
    }
  }
  return found;
}

/** What each plugin costs, alone and together, captured. */
export async function pluginCosts(bench: Bench): Promise<Comparison[]> {
  const peer = peerNamed('captured');
  const found: Comparison[] = [];
  for (const spec of detailCases(bench.plan).filter(({name}) => name === 'mlp' || name === 'cnn')) {
    const alone = [...alonePlugins, ...(spec.name === 'cnn' ? ['randomAffine'] : [])];
    const entries = [
      {name: 'none', peer},
      ...alone.map((plugin) => ({name: plugin, peer, plugins: [plugin]})),
      {name: 'all headline', peer, plugins: headlinePlugins},
    ];
    found.push(await compare(bench, spec, 128, entries, {experiment: 'plugins'}));
  }
  return found;
}

/** One technique of each family that acts in the step. */
export const headlinePlugins: readonly string[] = [
  'l2',
  'weightDecay',
  'labelSmoothing',
  'mixup',
  'inputNoise',
  'dropout',
  'ema',
];
const alonePlugins = [...headlinePlugins, 'maxNorm', 'clipGradients', 'weightNoise', 'gradientNoise'];

/** How cost grows with the number of plugins, each added to those before. */
export async function pluginCounts(bench: Bench): Promise<Comparison[]> {
  const peer = peerNamed('captured');
  const entries = Array.from({length: headlinePlugins.length + 1}, (_, count) => ({
    name: String(count),
    peer,
    plugins: headlinePlugins.slice(0, count),
  }));
  return [await compare(bench, mlp(), 128, entries, {experiment: 'count'})];
}

/** How cost grows with the width of the hidden layers. */
export async function widths(bench: Bench): Promise<Comparison[]> {
  const entries = bench.plan.peers
    .filter(({name}) => ['captured', 'eager', 'fit', 'torch', 'keras'].includes(name))
    .map((peer) => ({name: peer.name, peer}));
  const found: Comparison[] = [];
  for (const width of bench.plan.widths) {
    const spec = mlp([width, width / 2]);
    found.push(await compare(bench, spec, 128, entries, {experiment: 'width', size: width}));
  }
  return found;
}

/** Epochs of an ensemble's training: enough for what is done once, as opening a graph, to weigh what it would. */
const ensembleEpochs = 20;

/**
 * Whole trainings of k small models: ours as one ensemble; theirs one after the other, of which one is measured and
 * counted k times.
 */
export async function ensembles(bench: Bench): Promise<Comparison[]> {
  const spec = mlp([64]);
  const turns = ensembleEpochs;
  const {plan, tasks} = bench;
  const found: Comparison[] = [];
  for (const members of plan.members) {
    const task = tasks.make(spec, {batch: 64, steps: plan.steps});
    const times = await rounds(
      bench,
      `ensemble: ${members} of ${spec.title}`,
      ['captured', 'fit', 'torch', 'keras'],
      async (child, {name}) => {
        if (name === 'captured') return child.ask({op: 'ensemble', task, members, turns});
        const {milliseconds} = await child.ask({op: 'ensemble', task, members: 1, turns});
        return {milliseconds: milliseconds * members};
      },
      Math.min(plan.rounds, 5),
    );
    const {title, name: caseName} = spec;
    const about = {title, caseName, batch: 64, size: members, backend: 'native'};
    found.push({experiment: 'ensemble', ...about, steps: plan.steps * turns * members, times});
  }
  return found;
}

/** From a built model to the end of its first step. */
export async function firstSteps(bench: Bench): Promise<Comparison[]> {
  const found: Comparison[] = [];
  for (const spec of bench.plan.cases) {
    const task = bench.tasks.make(spec, {batch: 128, steps: 1});
    const times = await rounds(
      bench,
      `first step: ${spec.title}`,
      ['captured', 'eager', 'fit', 'torch', 'keras'],
      (child) => child.ask({op: 'first', task}),
    );
    const {title, name: caseName} = spec;
    found.push({experiment: 'first', title, caseName, batch: 128, backend: 'native', steps: 1, times});
  }
  return found;
}

/** Flip, shift and rotate: ours for a whole batch, torchvision's picture by picture. */
export async function augmentation(bench: Bench): Promise<Comparison[]> {
  const spec = {...mlp(), name: 'images', title: 'Flip, shift, rotate 28 × 28', input: [28, 28, 1]};
  const task = bench.tasks.make({...spec, layers: []}, {batch: 256, steps: 4});
  const times = await rounds(bench, spec.title, ['eager', 'torch'], (child) =>
    child.ask({op: 'augment', task}),
  );
  const about = {title: spec.title, caseName: spec.name, batch: 256, backend: 'native'};
  return [{experiment: 'augment', ...about, steps: 4, times}];
}

/** Turns of peers by name that need no session. */
async function rounds(
  bench: Bench,
  what: string,
  names: readonly string[],
  turn: (child: Child, peer: Peer) => Promise<{readonly milliseconds: number}>,
  count: number = bench.plan.rounds,
): Promise<Comparison['times']> {
  bench.say(what);
  const participants: Participant[] = [];
  for (const peer of bench.plan.peers.filter(({name}) => names.includes(name))) {
    await attempt(bench, `${peer.name}, ${what}`, async () => {
      const child = await bench.programs.of(peer);
      if (!child) return;
      await turn(child, peer);
      participants.push({name: peer.name, turn: async () => (await turn(child, peer)).milliseconds});
    });
  }
  return takeTurns(participants, {count, warmUps: 0}, bench.problem);
}

/** Tensors and resident memory over many steps with plugins on. */
export async function memory(bench: Bench): Promise<Results['memory']> {
  const {plan, programs, tasks, say} = bench;
  const spec = mlp();
  const steps = 50;
  const task = tasks.make(spec, {batch: 64, steps, plugins: ['l2', 'dropout', 'ema']});
  const found: Record<string, MemoryPoint[]> = {};
  for (const name of ['captured', 'eager']) {
    say(`memory: ${plan.memorySteps} steps, ${name}`);
    await attempt(bench, `memory of ${name}`, async () => {
      const child = await programs.of(peerNamed(name));
      if (!child) return;
      const points: MemoryPoint[] = [];
      await child.ask({op: 'start', session: 'memory', task});
      for (let step = steps; step <= plan.memorySteps; step += steps) {
        const {tensors = 0, residentBytes = 0} = await child.ask({op: 'memory'});
        points.push({step, tensors, residentBytes});
        await child.ask({op: 'turn', session: 'memory'});
      }
      await child.ask({op: 'stop', session: 'memory'});
      found[name] = points;
    });
  }
  return found;
}

/** Where the time of our steps goes. */
export async function profiles(bench: Bench): Promise<Results['profiles']> {
  const found: Results['profiles'][number][] = [];
  for (const spec of detailCases(bench.plan)) {
    for (const way of ['captured', 'eager', 'fit', 'same']) {
      bench.say(`profile: ${spec.title}, ${way}`);
      await attempt(bench, `profile of ${way}`, async () => {
        const child = await bench.programs.of(peerNamed(way));
        const task = bench.tasks.make(spec, {batch: 128, steps: stepsFor(bench.plan, spec, 128, 'native')});
        const answer = await child?.ask({op: 'profile', task});
        if (answer?.profile) found.push({title: spec.title, way, batch: 128, profile: answer.profile});
      });
    }
  }
  return found;
}
