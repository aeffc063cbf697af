import type {LossInfo, SetupContext, SiteInfo, WeightRole} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import {filled} from './helpers.ts';

/** What `setup` would be told of a classifier with these weights, by name and role. */
export function contextOf(
  roles: Readonly<Record<string, WeightRole>>,
  {
    kind = 'classes',
    outputs = kind === 'values' ? kind : 'probabilities',
    units = 3,
  }: {kind?: LossInfo['kind']; outputs?: LossInfo['outputs']; units?: number} = {},
): SetupContext {
  const weights = Object.entries(roles).map(([name, role]) => ({
    name,
    shortName: name.slice(name.lastIndexOf('/') + 1),
    shape: [2],
    role,
    layer: name.slice(0, name.lastIndexOf('/')),
    layerClass: 'Dense',
    owner: undefined,
  }));
  const site: SiteInfo = {
    name: 'out',
    layer: 'out',
    layerClass: 'Dense',
    shape: [null, units],
    index: 0,
    isOutput: true,
    feeds: [],
    config: {},
  };
  return {
    weights,
    sites: [site],
    inputs: [{name: 'in', shape: [null, 4]}],
    outputs: [{name: 'out', shape: [null, units]}],
    losses: [{name: 'loss', kind, outputs, linear: true}],
    findings: [],
    initial: Object.fromEntries(weights.map(({name}, i) => [name, filled([2], 1 + 10 * i)])),
    member: 0,
    key: (purpose) => deriveKey(7, 'test', purpose),
  };
}
