// Where the defaults drop, in models at random: never right in front of a batch normalization.

import type {SiteInfo} from '@regularizers/core';
import {setUp, sitesIn} from '@regularizers/testing';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {describe, expect, it, test} from 'vitest';
import {alphaDropout, dropout, gaussianDropout, spatialDropout} from '../src/index.ts';

type Layer = layers.Layer;
interface Node {
  readonly outboundLayer: Layer;
}

/** tfjs's own graph: what reads a layer's value, however it is passed on without weights in between. */
function readBehind(layer: Layer): readonly string[] {
  const {outboundNodes} = layer as unknown as {readonly outboundNodes: readonly Node[]};
  return outboundNodes.flatMap(({outboundLayer}) => [
    outboundLayer.getClassName(),
    ...(outboundLayer.countParams() === 0 ? readBehind(outboundLayer) : []),
  ]);
}

const blocks = ['plain', 'relu', 'selu', 'norm', 'activation', 'pool', 'residual', 'preactivation'] as const;
type Block = (typeof blocks)[number];

/** A chain of blocks behind one hidden layer and before an output; every layer has a name of its own. */
function build(kinds: readonly Block[], isImage: boolean): LayersModel {
  let count = 0;
  const named = (name: string) => ({name: `${name}_${++count}`});
  const weighted = (activation?: 'relu' | 'selu'): Layer => {
    const options = {...named('weighted'), ...(activation && {activation})};
    return isImage
      ? layers.conv2d({...options, filters: 2, kernelSize: 1})
      : layers.dense({...options, units: 2});
  };
  const norm = () => layers.batchNormalization(named('norm'));
  const relu = () => layers.activation({...named('act'), activation: 'relu'});
  const through = (value: SymbolicTensor, ...list: readonly Layer[]): SymbolicTensor =>
    list.reduce((at, layer) => layer.apply(at) as SymbolicTensor, value);
  const x = input({shape: isImage ? [4, 4, 2] : [2]});
  let value = through(x, weighted('relu'));
  for (const kind of kinds) {
    const added = (branch: SymbolicTensor) =>
      layers.add(named('add')).apply([value, branch]) as SymbolicTensor;
    if (kind === 'plain') value = through(value, weighted());
    else if (kind === 'relu' || kind === 'selu') value = through(value, weighted(kind));
    else if (kind === 'norm') value = through(value, norm());
    else if (kind === 'activation') value = through(value, relu());
    else if (kind === 'pool' && isImage)
      value = through(value, layers.maxPooling2d({...named('pool'), poolSize: 1}));
    else if (kind === 'residual') value = added(through(value, weighted(), norm()));
    else if (kind === 'preactivation') value = added(through(value, norm(), relu(), weighted()));
  }
  const flat = isImage ? through(value, layers.flatten(named('flat'))) : value;
  return model({inputs: x, outputs: through(flat, layers.dense({name: 'out', units: 1}))});
}

/** A plugin's default sites, or none where it says that there are none. */
function defaults(plugin: Parameters<typeof setUp>[0], sites: readonly SiteInfo[]): readonly string[] {
  try {
    return setUp(plugin, {sites}).at ?? [];
  } catch (error) {
    expect(error).toMatchObject({code: 'nothing-selected'});
    return [];
  }
}

test('no default is right in front of a batch normalization, whatever the model', () => {
  let chosen = 0;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...blocks), {minLength: 1, maxLength: 6}),
      fc.boolean(),
      (kinds, isImage) => {
        const net = build(kinds, isImage);
        const sites = sitesIn(net);
        for (const plugin of [dropout(), gaussianDropout(), spatialDropout(), alphaDropout()]) {
          for (const name of defaults(plugin, sites)) {
            chosen += 1;
            expect(name, 'the output').not.toBe('out');
            expect(
              readBehind(net.getLayer(name)),
              `${name} of ${net.layers.map((l) => l.name)}`,
            ).not.toContain('BatchNormalization');
          }
        }
        net.dispose();
      },
    ),
    {numRuns: 80, seed: 3},
  );
  expect(chosen).toBeGreaterThan(80);
});

describe('the default', () => {
  const atOf = (kinds: readonly Block[], isImage = false) =>
    defaults(isImage ? spatialDropout() : dropout(), sitesIn(build(kinds, isImage)));

  it('is behind the normalization of Dense(relu) → BN', () => {
    expect(atOf(['norm', 'relu'])).toEqual(['norm_2', 'weighted_3']);
  });

  it('is behind the normalization of conv → BN → Add', () => {
    expect(atOf(['residual'], true)).toEqual(['weighted_1', 'norm_3']);
  });

  it('is nowhere in a branch whose sum is normalized next', () => {
    expect(atOf(['preactivation', 'norm', 'relu'])).toEqual(['weighted_7']);
  });

  it('is what a TimeDistributed applies, and what a model within one has hidden', () => {
    const net = sequential({
      layers: [
        layers.timeDistributed({
          name: 'each',
          inputShape: [4, 3],
          layer: layers.dense({units: 3, activation: 'relu'}),
        }),
        layers.timeDistributed({
          name: 'steps',
          layer: sequential({
            layers: [
              layers.dense({name: 'one', units: 3, activation: 'relu', inputShape: [3]}),
              layers.dense({name: 'two', units: 2}),
            ],
          }),
        }),
      ],
    });
    expect(defaults(dropout(), sitesIn(net))).toEqual(['each', 'steps/one']);
  });
});
