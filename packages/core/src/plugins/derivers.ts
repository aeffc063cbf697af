import type {WeightInfo} from '../info.ts';
import {RegularizerError, type RegularizerErrorOptions} from '../lib/errors.ts';
import type {PluginWith} from './program.ts';

/**
 * The plugins that derive weights, each after those that derive what it reads.
 *
 * @throws RegularizerError with code `derived-twice`, `unknown-weight` or `derivation-cycle`
 */
export function orderDerivers(
  plugins: readonly PluginWith<'derive'>[],
  weights: readonly WeightInfo[],
): readonly PluginWith<'derive'>[] {
  const known = new Set(weights.map(({name}) => name));
  const owner = new Map<string, string>();
  for (const {name: plugin, derived} of plugins) {
    for (const {name, from} of derived) {
      for (const weight of [name, ...from]) {
        if (known.has(weight)) continue;
        refuse('unknown-weight', `${plugin} names the weight ${weight}, which is not there`, {
          plugins: [plugin],
          received: weight,
          allowed: {enum: [...known]},
        });
      }
      const other = owner.get(name);
      if (other !== undefined) {
        const both = {plugins: [other, plugin], received: name};
        refuse('derived-twice', `${other} and ${plugin} both derive the weight ${name}`, both);
      }
      owner.set(name, plugin);
    }
  }
  refuseCircles(plugins);

  const waiting = [...plugins];
  const ordered: PluginWith<'derive'>[] = [];
  const needs = (plugin: PluginWith<'derive'>, other: PluginWith<'derive'>): boolean =>
    plugin !== other && plugin.derived.some(({from}) => from.some((name) => owner.get(name) === other.name));
  while (waiting.length > 0) {
    const next = waiting.find((plugin) => !waiting.some((other) => needs(plugin, other)));
    if (!next) {
      const names = waiting.map(({name}) => name);
      refuse('derivation-cycle', `${names.join(', ')} derive weights from one another in a circle`, {
        plugins: names,
        received: waiting.flatMap(({derived}) => derived.map(({name}) => name)),
      });
    } else {
      waiting.splice(waiting.indexOf(next), 1);
      ordered.push(next);
    }
  }
  return ordered;
}

/** No weight may derive from itself, directly or through others. */
function refuseCircles(plugins: readonly PluginWith<'derive'>[]): void {
  const sources = new Map(plugins.flatMap(({derived}) => derived.map(({name, from}) => [name, from])));
  const deriving = (names: readonly string[]): string[] =>
    plugins.filter(({derived}) => derived.some(({name}) => names.includes(name))).map(({name}) => name);
  const settled = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (settled.has(name)) return;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name];
      refuse('derivation-cycle', `weights derive from one another in a circle: ${circle.join(' from ')}`, {
        plugins: deriving(circle),
        received: circle,
      });
    }
    for (const source of sources.get(name) ?? []) visit(source, [...path, name]);
    settled.add(name);
  };
  for (const name of sources.keys()) visit(name, []);
}

type Details = Required<Pick<RegularizerErrorOptions, 'plugins' | 'received'>> &
  Pick<RegularizerErrorOptions, 'allowed'>;

function refuse(code: string, message: string, details: Details): never {
  throw new RegularizerError({
    where: 'trainer',
    code,
    message,
    hook: 'setup',
    option: 'derived',
    ...details,
  });
}
