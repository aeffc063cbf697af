import type {LossInfo, SetupContext, WeightRole} from '@regularizers/core';
import {contextOf as contextFrom, sitesOf, weightOf} from '@regularizers/testing';
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
  const weights = Object.entries(roles).map(([name, role]) => weightOf({name, role, shape: [2]}));
  const shape = [null, units];
  return contextFrom({
    weights,
    sites: sitesOf({name: 'out', layerClass: 'Dense', shape, isOutput: true}),
    inputs: [{name: 'in', shape: [null, 4]}],
    outputs: [{name: 'out', shape}],
    losses: [{name: 'loss', kind, outputs, linear: true}],
    initial: Object.fromEntries(weights.map(({name}, i) => [name, filled([2], 1 + 10 * i)])),
  });
}
