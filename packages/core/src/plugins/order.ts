import {computed} from '../lib/computed.ts';
import {RegularizerError} from '../lib/errors.ts';
import {whyReserved} from '../lib/reserved.ts';
import {zip} from '../lib/zip.ts';
import type {Exclusive, Regularizer} from '../regularizer.ts';
import type {Others} from '../tags.ts';

function namesAny(others: readonly Others[] = [], {name, tags = []}: Regularizer): boolean {
  return others.some((other) => (typeof other === 'string' ? tags.includes(other) : other.plugin === name));
}

/** Names under which core itself draws random numbers, feeds scalars and ends training. */
const reserved = ['core', 'optimizer', 'signal'];

/**
 * Refuses lists of plugins that cannot work together.
 *
 * @throws RegularizerError with code `duplicate-name`, `excluded` or `two-owners`, naming both; or with
 *   `reserved-name`
 */
export function checkTogether(plugins: readonly Regularizer[]): void {
  const owners = new Map<Exclusive, string>();
  for (const [i, plugin] of plugins.entries()) {
    const why = whyReserved(plugin.name);
    if (why !== undefined || reserved.includes(plugin.name)) {
      throw new RegularizerError({
        where: 'trainer',
        code: 'reserved-name',
        message: `a plugin cannot be named ${plugin.name}${why === undefined ? '' : `: ${why}`}`,
        hint: `Give it another name: {..., name: 'my-${plugin.name.replace(/^\$/, '')}'}.`,
        plugins: [plugin.name],
        option: 'name',
        received: plugin.name,
        ...(why === undefined ? {allowed: {not: {enum: reserved}}} : {}),
      });
    }
    for (const other of plugins.slice(i + 1)) {
      if (plugin.name === other.name) {
        throw new RegularizerError({
          where: 'trainer',
          code: 'duplicate-name',
          message: `two plugins are named ${plugin.name}`,
          hint: `Give one of them another name: ${plugin.name}({..., name: '${plugin.name}-2'}).`,
          plugins: [plugin.name],
          option: 'name',
          received: plugin.name,
        });
      }
      if (namesAny(plugin.excludes, other) || namesAny(other.excludes, plugin)) {
        throw new RegularizerError({
          where: 'trainer',
          code: 'excluded',
          message: `${plugin.name} and ${other.name} cannot work together`,
          hint: 'Leave one of them out.',
          plugins: [plugin.name, other.name],
          option: 'excludes',
        });
      }
    }
    for (const thing of plugin.owns ?? []) {
      const owner = owners.get(thing);
      if (owner !== undefined) {
        throw new RegularizerError({
          where: 'trainer',
          code: 'two-owners',
          message: `${owner} and ${plugin.name} both decide on ${describeExclusive(thing)}`,
          hint: 'Leave one of them out.',
          plugins: [owner, plugin.name],
          option: 'owns',
          received: thing,
        });
      }
      owners.set(thing, plugin.name);
    }
  }
}

function describeExclusive(thing: Exclusive): string {
  return exclusives[thing];
}

const exclusives: Readonly<Record<Exclusive, string>> = {
  evaluation: 'the weights to evaluate with',
  members: 'the members to train',
  passes: 'the passes to predict with',
  restore: 'the state to go back to at the end',
};

/** Who says which of two plugins comes first: their `before` and `after`, the user's list, or nobody. */
export type OrderBetween = 'declared' | 'listed' | 'free';

/**
 * Who says which of two plugins comes first. Hooks of plugins that nobody orders commute, up to rounding.
 *
 * @example
 * ```ts
 * import {maxNorm, weightDecay} from '@regularizers/l2';
 *
 * orderBetween(weightDecay(), maxNorm()); // 'declared'
 * ```
 */
export function orderBetween(a: Regularizer, b: Regularizer): OrderBetween {
  return computed('orderBetween', {a, b}, () => {
    if (comesBefore(a, b) || comesBefore(b, a)) return 'declared';
    return namesAny(a.inListOrder, b) || namesAny(b.inListOrder, a) ? 'listed' : 'free';
  });
}

function comesBefore(a: Regularizer, b: Regularizer): boolean {
  return namesAny(a.before, b) || namesAny(b.after, a);
}

/**
 * The order in which hooks of one kind run: as `before` and `after` say, and where they leave it open, that of the list.
 *
 * @throws RegularizerError with code `order-cycle`, naming the plugins in the cycle
 */
export function inOrder(plugins: readonly Regularizer[]): readonly Regularizer[] {
  const precedes = (a: Regularizer, b: Regularizer): boolean => {
    if (a === b) return false;
    return orderBetween(a, b) === 'listed' ? plugins.indexOf(a) < plugins.indexOf(b) : comesBefore(a, b);
  };
  const waiting = [...plugins];
  const ordered: Regularizer[] = [];
  while (waiting.length > 0) {
    const next = waiting.find((plugin) => !waiting.some((other) => precedes(other, plugin)));
    if (!next) throw cycleError(waiting, precedes);
    waiting.splice(waiting.indexOf(next), 1);
    ordered.push(next);
  }
  return ordered;
}

/** Each of these plugins waits for another: going from one to whom it waits for comes round sooner or later. */
function cycleError(
  waiting: readonly Regularizer[],
  precedes: (a: Regularizer, b: Regularizer) => boolean,
): RegularizerError {
  const path: Regularizer[] = [];
  let plugin = waiting[0];
  while (plugin && !path.includes(plugin)) {
    const last = plugin;
    path.push(last);
    plugin = waiting.find((other) => precedes(other, last));
  }
  const cycle = path.slice(plugin && path.indexOf(plugin)).reverse();
  const pairs = zip(cycle, [...cycle.slice(1), ...cycle.slice(0, 1)]);
  const listed = pairs.find(([first, then]) => orderBetween(first, then) === 'listed');
  return new RegularizerError({
    where: 'trainer',
    code: 'order-cycle',
    message: `no order suits all plugins: ${pairs.map(([a, b]) => `${a.name} before ${b.name}`).join(', ')}`,
    hint: listed ? `List ${listed[1].name} before ${listed[0].name}.` : 'Leave one of them out.',
    plugins: cycle.map(({name}) => name),
    option: 'regularizers',
  });
}
