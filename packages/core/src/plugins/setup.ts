import {deriveKey} from '@regularizers/random';
import * as tf from '@tensorflow/tfjs-core';
import {isOfModel} from '../description/choose.ts';
import type {Finding, LossInfo, Tensors, WeightInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {scope} from '../lib/scope.ts';
import {sameShape, showShape} from '../lib/shapes.ts';
import {pickTensors} from '../lib/tensors.ts';
import {type StateTree, tensorsOf} from '../lib/tree.ts';
import {zip} from '../lib/zip.ts';
import type {ModelAdapter} from '../model/adapter.ts';
import type {Derivation, Regularizer, Setup, SetupContext} from '../regularizer.ts';
import {type Structure, structureOf} from '../state/structure.ts';
import {checkSetup} from './plugin.ts';
import type {Choices} from './program.ts';

/** What the plugins' `setup` hooks came to. */
export interface SetupResult {
  /** What each plugin returned, by name; idle ones are left out. */
  readonly setups: ReadonlyMap<string, Setup>;
  readonly weights: readonly WeightInfo[];
  /** What the options of each plugin have chosen, by its name. */
  readonly choices: ReadonlyMap<string, Choices>;
  /** Initial weights, those of plugins included. */
  readonly initial: Tensors;
  /** Each plugin's first state. */
  readonly states: Readonly<Record<string, StateTree>>;
  /** The structure of each plugin's states. */
  readonly structures: Readonly<Record<string, Structure>>;
}

interface Request {
  readonly adapter: ModelAdapter;
  readonly plugins: readonly Regularizer[];
  readonly losses: readonly LossInfo[];
  readonly seed: number;
  readonly member: number;
  readonly initial: Tensors;
  /** Takes note of the tensors that the plugins hand over. */
  readonly made: Set<tf.Tensor>;
}

/**
 * Runs every plugin's `setup`: those that derive weights first, so that the others see which weights are derived, then
 * those that bring weights, so that the others see these too, wherever they are listed. Who brings some is known once
 * all have run; where that asks for another order, they run again. Takes over `initial`: the tensors that come back are
 * the caller's to hold.
 *
 * @throws RegularizerError with code `unseen-weights` for two that bring weights, of which the first would reach the
 *   other's, were it listed behind it
 */
export function runSetups(request: Request): SetupResult {
  const {adapter} = request;
  const listed = request.plugins.toSorted((a, b) => Number(!a.derive) - Number(!b.derive));
  const found = setUp({...request, plugins: listed});
  const bringsNone = ({name}: Regularizer): boolean => found.weights.every(({owner}) => owner !== name);
  const plugins = listed.toSorted(
    (a, b) => Number(!a.derive) - Number(!b.derive) || Number(bringsNone(a)) - Number(bringsNone(b)),
  );
  const isInOrder = zip(plugins, listed).every(([one, other]) => one === other);
  const {contexts, ...result} = isInOrder ? found : setUp({...request, plugins});
  for (const [place, plugin] of plugins.entries()) {
    const context = contexts.get(plugin.name);
    if (context) checkSeen(plugin, context, result, plugins.slice(place + 1));
  }
  checkClaims(result.setups, adapter.findings);
  adapter.takeOver(new Set([...result.setups.values()].flatMap(({claims}) => claims ?? [])));
  return result;
}

/** In the order of the plugins; with what the `setup` of each was given. */
function setUp({
  adapter,
  plugins,
  losses,
  seed,
  member,
  initial,
  made,
}: Request): SetupResult & {readonly contexts: ReadonlyMap<string, SetupContext>} {
  const contexts = new Map<string, SetupContext>();
  const setups = new Map<string, Setup>();
  const choices = new Map<string, Choices>();
  const states: Record<string, StateTree> = {};
  const structures: Record<string, Structure> = {};
  let weights = adapter.weights;
  let values: Tensors = initial;
  const {inputs, outputs, sites, findings} = adapter;
  for (const plugin of plugins) {
    const {name} = plugin;
    const key: SetupContext['key'] = (purpose) => deriveKey(seed, member, name, 'setup', purpose);
    const chosen: Record<string, readonly string[]> = {};
    const chose: SetupContext['chose'] = (option, names) => {
      chosen[option] = [...names];
    };
    const context = {weights, sites, inputs, outputs, losses, findings, initial: values, member, key, chose};
    const {setup, structure} = scope(() => {
      const returned = plugin.setup ? plugin.setup(context) : {};
      checkSetup(plugin, returned, sites);
      const {later, ...given} = returned;
      return {setup: keepAll(given, made), structure: stateStructure(name, given.state ?? null, later)};
    });
    if (setup.idle) continue;
    contexts.set(name, context);
    setups.set(name, setup);
    choices.set(name, chosen);
    states[name] = setup.state ?? null;
    structures[name] = structure;
    checkInitial(name, setup.initial ?? {}, weights);
    const own = ownWeights(name, setup.weights ?? {}, weights);
    weights = withRoles(name, [...weights, ...own.map(({info}) => info)], setup.derived ?? []);
    values = {
      ...values,
      ...setup.initial,
      ...Object.fromEntries(own.map(({info, value}) => [info.name, value])),
    };
  }
  return {setups, choices, weights, initial: values, states, structures, contexts};
}

/** Refuses a plugin that was set up before others brought weights which its options would choose as well. */
function checkSeen(
  plugin: Regularizer,
  context: SetupContext,
  {weights, initial, choices, setups}: SetupResult,
  after: readonly Regularizer[],
): void {
  const unseen = weights.filter(({owner}) => after.some(({name}) => name === owner));
  if (unseen.length === 0) return;
  const {name} = plugin;
  const reached = (chosen: Choices, derived: Setup['derived'] = []): string =>
    JSON.stringify([chosen, derived]);
  const chosen: Record<string, readonly string[]> = {};
  const again = scope(() => {
    const seeing: SetupContext = {
      ...context,
      weights: [...context.weights, ...unseen],
      initial: {
        ...context.initial,
        ...pickTensors(
          initial,
          unseen.map((weight) => weight.name),
        ),
      },
      chose: (option, names) => {
        chosen[option] = [...names];
      },
    };
    try {
      return reached(chosen, plugin.setup?.(seeing).derived);
    } catch {
      return undefined;
    }
  });
  if (again === reached(choices.get(name) ?? {}, setups.get(name)?.derived)) return;
  const others = [...new Set(unseen.flatMap(({owner}) => owner ?? []))];
  throw new RegularizerError({
    where: 'trainer',
    code: 'unseen-weights',
    message: `${name} brings weights and is listed before ${others.join(' and ')}, whose weights it would choose too: ${unseen.map((weight) => weight.name).join(', ')}`,
    hint: `List ${name} behind, or name the weights that it is for.`,
    hook: 'setup',
    plugins: [name, ...others],
    option: 'regularizers',
  });
}

function stateStructure(plugin: string, state: StateTree, later: Setup['later'] = {}): Structure {
  const used = new Set<string>();
  const structure = structureOf(state, later, used);
  const stray = Object.keys(later).find((path) => !used.has(path));
  if (stray === undefined) return structure;
  throw new RegularizerError({
    where: plugin,
    code: 'bad-setup',
    message: `its setup says what comes later at "${stray}", where its state has neither a list nor null`,
    hook: 'setup',
    plugins: [plugin],
    option: 'later',
    received: stray,
    allowed: {description: 'the paths at which the state has a list or null'},
  });
}

/** The weights as they are once a plugin derives some of them from others. */
function withRoles(
  plugin: string,
  weights: readonly WeightInfo[],
  derivations: readonly Derivation[],
): readonly WeightInfo[] {
  const ofModel = new Set(weights.filter(isOfModel).map(({name}) => name));
  const derived = new Set(derivations.map(({name}) => name));
  const feeding = new Set(derivations.filter(({name}) => ofModel.has(name)).flatMap(({from}) => from));
  return weights.map((info): WeightInfo => {
    if (derived.has(info.name)) return {...info, role: 'derived', derivedBy: plugin};
    return feeding.has(info.name) && info.owner !== undefined ? {...info, feedsModel: true} : info;
  });
}

/** What a setup hands over outlives every tidy; it is noted, so that what goes unused can be disposed of. */
function keepAll(setup: Setup, made: Set<tf.Tensor>): Setup {
  const {state = null, weights = {}, initial = {}} = setup;
  for (const tensor of tensorsOf({state, weights, initial})) made.add(tf.keep(tensor));
  return setup;
}

function ownWeights(
  plugin: string,
  weights: Tensors,
  existing: readonly WeightInfo[],
): readonly {readonly info: WeightInfo; readonly value: tf.Tensor}[] {
  return Object.entries(weights).map(([shortName, value]) => {
    const name = `${plugin}/${shortName}`;
    if (existing.some((info) => info.name === name)) {
      throw new RegularizerError({
        where: plugin,
        code: 'weight-name-taken',
        message: `the model has a weight named ${name} already`,
        hint: `Give the plugin another name: {..., name: 'my-${plugin}'}.`,
        hook: 'setup',
        plugins: [plugin],
        option: 'weights',
        received: name,
      });
    }
    const {shape} = value;
    const info: WeightInfo = {
      name,
      shortName,
      shape,
      role: 'trained',
      layer: plugin,
      layerClass: '',
      owner: plugin,
    };
    return {info, value};
  });
}

function checkInitial(plugin: string, initial: Tensors, weights: readonly WeightInfo[]): void {
  for (const [name, {shape}] of Object.entries(initial)) {
    const info = weights.find((weight) => weight.name === name);
    if (info && sameShape(info.shape, shape)) continue;
    const why = info
      ? `its shape is ${showShape(info.shape)}, not ${showShape(shape)}`
      : 'there is no such weight';
    throw new RegularizerError({
      where: plugin,
      code: 'bad-initial',
      message: `no first value can be given to ${name}: ${why}`,
      hook: 'setup',
      plugins: [plugin],
      option: 'initial',
      received: info ? shape : name,
      allowed: info ? {const: info.shape} : {enum: weights.map((weight) => weight.name)},
    });
  }
}

function checkClaims(setups: ReadonlyMap<string, Setup>, findings: readonly Finding[]): void {
  const claimedBy = new Map<string, string>();
  for (const [plugin, {claims = []}] of setups) {
    for (const id of claims) {
      const other = claimedBy.get(id);
      if (other !== undefined) {
        throw new RegularizerError({
          where: 'trainer',
          code: 'claimed-twice',
          message: `${other} and ${plugin} both take over ${id}`,
          hint: 'Leave one of them out.',
          hook: 'setup',
          plugins: [other, plugin],
          option: 'claims',
          received: id,
        });
      }
      claimedBy.set(id, plugin);
    }
  }
  const left = findings.filter(({id}) => !claimedBy.has(id));
  if (left.length === 0) return;
  throw new RegularizerError({
    where: 'trainer',
    code: 'declared-in-model',
    message: `the model declares ${left.map(describeFinding).join('; ')}`,
    hint: hintFor(left),
    option: 'model',
    received: left.map(({id}) => id),
  });
}

/** What takes the findings over, by package: the line to write. */
function hintFor(findings: readonly Finding[]): string {
  const packages = new Set(findings.map(packageFor));
  const imports = [...packages].map((name) => `'@regularizers/${name}'`).join(' and ');
  return `Add fromModel(model) of ${imports} to regularizers, which takes it over and does it right; or build the model without it.`;
}

/** The package whose `fromModel` covers a finding. */
function packageFor({kind, className}: Finding): string {
  if (kind === 'regularizer' || kind === 'constraint') return 'l2';
  return className === 'GaussianNoise' ? 'noise' : 'dropout';
}

function describeFinding({kind, className, id}: Finding): string {
  if (kind === 'layer') return `the layer ${id} (${className}), whose random numbers tfjs makes on the host`;
  if (kind === 'regularizer')
    return `a ${className} regularizer on ${id}, which tfjs applies once per use or never`;
  if (kind === 'constraint')
    return `a ${className} constraint on ${id}, which tfjs never applies in training`;
  return `${id}, whose random numbers tfjs makes on the host`;
}
