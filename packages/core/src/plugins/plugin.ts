import * as tf from '@tensorflow/tfjs-core';
import {checkAnswer} from '../answers/answer.ts';
import {wrongTree} from '../answers/tree.ts';
import type {SiteInfo} from '../info.ts';
import {describeNames, describeValue} from '../lib/describe-value.ts';
import {RegularizerError, type RegularizerErrorOptions} from '../lib/errors.ts';
import {looking, memberOf} from '../lib/given.ts';
import {isPlainObject, type JsonSchema} from '../lib/json.ts';
import {nearestWords} from '../lib/nearest.ts';
import type {Exclusive, Regularizer, Setup} from '../regularizer.ts';
import {isTag, tags} from '../tags.ts';
import {type HookName, hookNames} from './program.ts';

const hooks: readonly string[] = ['setup', ...hookNames, 'explain'];

/** What a plugin says of itself beside its hooks. */
const parts = {
  name: 'text',
  settings: 'record',
  tags: 'words',
  before: 'others',
  after: 'others',
  inListOrder: 'others',
  excludes: 'others',
  owns: 'words',
  members: 'count',
  passes: 'count',
  keeps: 'count',
  combineOn: 'text',
} as const satisfies Readonly<
  Record<Exclude<keyof Regularizer, HookName | 'setup' | 'explain' | 'call'>, Part>
>;

type Part = 'text' | 'record' | 'words' | 'others' | 'count' | 'flag' | 'derivations' | 'hook';

/** What is wrong with a part of what `setup` returned; undefined where nothing is. */
type SetupPart = (value: unknown) => string | undefined;

const isOf =
  (part: Part): SetupPart =>
  (value) =>
    fits[part](value) ? undefined : `it must be ${said[part]}; it is ${describeValue(value)}`;

const setupParts: Readonly<Record<keyof Setup, SetupPart>> = {
  plan: () => undefined,
  state: wrongTree,
  later: (value) => (isPlainObject(value) ? wrongTree(value) : `it is ${describeValue(value)}`),
  weights: wrongWeights,
  initial: wrongWeights,
  derived: isOf('derivations'),
  at: isOf('words'),
  observe: isOf('words'),
  claims: isOf('words'),
  evaluateEvery: isOf('count'),
  recalibrate: isOf('flag'),
  idle: isOf('flag'),
};

function wrongSetup(setup: unknown): string | undefined {
  if (!isPlainObject(setup)) return '';
  for (const [key, value] of Object.entries(setup)) {
    if (!isSetupPart(key)) return `nobody reads ${key}`;
    const wrong = value === undefined ? undefined : setupParts[key](value);
    if (wrong !== undefined) return `at ${key} ${wrong}`;
  }
  return undefined;
}

function isSetupPart(key: string): key is keyof Setup {
  return Object.hasOwn(setupParts, key);
}

function wrongWeights(value: unknown): string | undefined {
  if (!isPlainObject(value)) return `it must hold tensors by name; it is ${describeValue(value)}`;
  for (const [name, tensor] of Object.entries(value)) {
    if (!(tensor instanceof tf.Tensor) || tensor.isDisposed || tensor.dtype !== 'float32') {
      return `${name} must be a float32 tensor; it is ${describeValue(tensor)}`;
    }
  }
  return undefined;
}

const exclusives: readonly string[] = [
  'evaluation',
  'members',
  'passes',
  'restore',
] satisfies readonly Exclusive[];

/**
 * Checks the form of a plugin: a name, words, and hooks that are functions. Data of its own may stand beside them; a
 * function may not, since it is a hook's name with a typing mistake.
 *
 * @throws RegularizerError with code `not-a-plugin`, `unknown-hook` or `unknown-tag`
 */
export function checkPlugin(plugin: Regularizer): void {
  looking('trainer', 'one of regularizers', () => checkParts(plugin));
}

function checkParts(plugin: Regularizer): void {
  const {name} = plugin;
  // A layer of tfjs has `weights` too, which are no hook.
  if ('call' in plugin) {
    throw new RegularizerError({
      where: 'trainer',
      code: 'not-a-plugin',
      message: `regularizers holds ${describeValue(plugin)}, no plugin`,
      option: 'regularizers',
      received: plugin,
      allowed: {description: 'a plugin, as a factory makes it'},
    });
  }
  const unknown: string[] = [];
  for (const key of keysOf(plugin)) {
    const part = partOf(key);
    const value: unknown = Reflect.get(plugin, key);
    if (part === undefined) unknown.push(key);
    if (part === undefined && typeof value === 'function') {
      refuse(name, 'unknown-hook', `there is no hook ${key}`, {
        hint: `The hooks are: ${hooks.join(', ')}.`,
        option: key,
        received: value,
        allowed: {enum: hooks},
      });
    }
    if (part !== undefined && value !== undefined && !fits[part](value)) {
      refuse(name, 'not-a-plugin', `${key} must be ${said[part]}; received ${describeValue(value)}`, {
        option: key,
        received: value,
        allowed: {description: said[part]},
      });
    }
  }
  const [stray] = unknown;
  if (stray !== undefined && !hooks.some((hook) => hook in plugin)) {
    refuse(name, 'not-a-plugin', `it has ${describeNames(unknown)}, and no hook`, {
      hint: `A plugin is what a factory makes: ${name}({…}).`,
      option: stray,
      received: Reflect.get(plugin, stray),
      allowed: {enum: hooks},
    });
  }
  for (const key of ['tags', 'before', 'after', 'inListOrder', 'excludes'] as const) checkTags(plugin, key);
  const owned = plugin.owns?.find((thing) => !exclusives.includes(thing));
  if (owned !== undefined) {
    refuse(name, 'not-a-plugin', `owns holds ${describeValue(owned)}`, {
      hint: `It can be: ${exclusives.join(', ')}.`,
      option: 'owns',
      received: owned,
      allowed: {enum: exclusives},
    });
  }
}

function checkTags(
  {name, ...plugin}: Regularizer,
  key: 'tags' | 'before' | 'after' | 'inListOrder' | 'excludes',
): void {
  const unknown = plugin[key]?.find((one) => typeof one === 'string' && !isTag(one));
  if (typeof unknown !== 'string') return;
  const known = Object.keys(tags);
  const nearest = nearestWords(unknown, known);
  const meant =
    nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}?` : `The tags are: ${known.join(', ')}.`;
  const byName = key === 'tags' ? '' : ` A plugin is named as {plugin: ${describeValue(unknown)}}.`;
  refuse(name, 'unknown-tag', `${key} holds ${describeValue(unknown)}, which is no tag`, {
    hint: meant + byName,
    option: key,
    received: unknown,
    allowed: {enum: known},
  });
}

/**
 * Checks what a plugin's `setup` returned: known parts, and each beside the hook that it is for.
 *
 * @throws RegularizerError with code `bad-answer` or `bad-setup`
 */
export function checkSetup(plugin: Regularizer, setup: Setup, sites: readonly SiteInfo[]): void {
  const {name} = plugin;
  checkAnswer({name, hook: 'setup'}, `{${Object.keys(setupParts).join(', ')}}`, setup, wrongSetup);
  if (setup.idle) return;
  checkSites(plugin, 'activation', 'at', setup.at, sites);
  checkSites(plugin, 'penalty', 'observe', setup.observe, sites);
  if (plugin.activation && (setup.at ?? []).length === 0) {
    refuse(name, 'bad-setup', 'its activation hook runs at no site', {
      hint: 'Let setup return at: the names of sites; or idle: true, where it has nothing to do.',
      hook: 'setup',
      option: 'at',
      received: setup.at,
      allowed: namesOfSites(sites),
    });
  }
  if (!plugin.derive !== ((setup.derived ?? []).length === 0)) {
    const [has, lacks] = plugin.derive ? ['a derive hook', 'derived'] : ['derived', 'a derive hook'];
    refuse(name, 'bad-setup', `it has ${has} without ${lacks}`, {
      hint: 'setup names the weights that derive computes.',
      hook: 'setup',
      option: 'derived',
      received: setup.derived,
      allowed: {description: plugin.derive ? said.derivations : 'nothing, without a derive hook'},
    });
  }
}

function checkSites(
  {name, ...plugin}: Regularizer,
  hook: 'activation' | 'penalty',
  key: 'at' | 'observe',
  names: readonly string[] = [],
  sites: readonly SiteInfo[],
): void {
  if (names.length > 0 && !plugin[hook]) {
    refuse(name, 'bad-setup', `setup returned ${key}, and there is no ${hook} hook to run there`, {
      hook: 'setup',
      option: key,
      received: names,
      allowed: {description: `nothing, without the hook ${hook}`},
    });
  }
  const missing = names.find((one) => !sites.some((site) => site.name === one));
  if (missing === undefined) return;
  const there = describeNames(sites.map((site) => site.name));
  refuse(name, 'bad-setup', `${key} names ${describeValue(missing)}, which is no site`, {
    hint: `There are: ${there}.`,
    hook: 'setup',
    option: key,
    received: missing,
    allowed: namesOfSites(sites),
  });
}

function namesOfSites(sites: readonly SiteInfo[]): JsonSchema {
  return {enum: sites.map((site) => site.name)};
}

/** Every key of an object, those of its class included. */
function keysOf(plugin: object): readonly string[] {
  const keys: string[] = [];
  for (let at: object | null = plugin; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    keys.push(...Object.getOwnPropertyNames(at).filter((key) => key !== 'constructor'));
  }
  return keys;
}

function partOf(key: string): Part | undefined {
  if (hooks.includes(key)) return 'hook';
  const known: Readonly<Record<string, Part>> = parts;
  return Object.hasOwn(known, key) ? known[key] : undefined;
}

const fits: Readonly<Record<Part, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  words: (value) => Array.isArray(value) && value.every((word) => typeof word === 'string'),
  others: (value) =>
    Array.isArray(value) && value.every((one) => typeof (memberOf(one, 'plugin') ?? one) === 'string'),
  record: (value) => isPlainObject(value),
  count: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 1,
  flag: (value) => typeof value === 'boolean',
  derivations: (value) =>
    Array.isArray(value) &&
    value.every((one) => typeof memberOf(one, 'name') === 'string' && fits.words(memberOf(one, 'from'))),
  hook: (value) => typeof value === 'function',
};

const said: Readonly<Record<Part, string>> = {
  text: 'a text',
  words: 'a list of words',
  others: "a list of tags and of plugins by name, {plugin: 'name'}",
  record: 'a record of options',
  count: 'an integer of at least 1',
  flag: 'true or false',
  derivations: 'a list of {name, from}',
  hook: 'a function',
};

type Details = Pick<RegularizerErrorOptions, 'hint' | 'hook'> &
  Required<Pick<RegularizerErrorOptions, 'option' | 'received' | 'allowed'>>;

/** Says what is wrong with a plugin, to people and to programs. */
function refuse(plugin: string, code: string, message: string, details: Details): never {
  throw new RegularizerError({where: plugin, code, message, plugins: [plugin], ...details});
}
