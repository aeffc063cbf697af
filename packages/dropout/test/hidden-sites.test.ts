import type {SiteInfo} from '@regularizers/core';
import {sitesOf} from '@regularizers/testing';
import {describe, expect, it} from 'vitest';
import {hiddenSites} from '../src/hidden-sites.ts';

const dense = (name: string, activation?: string, units = 4): Partial<SiteInfo> & {layerClass: string} => ({
  layerClass: 'Dense',
  name,
  shape: [null, units],
  config: activation === undefined ? {} : {activation},
});
const named = (layerClass: string, name: string, units = 4): Partial<SiteInfo> & {layerClass: string} => ({
  layerClass,
  name,
  shape: [null, units],
});
const output = {isOutput: true};

function chosen(...sites: readonly (Partial<SiteInfo> & {layerClass: string})[]): string[] {
  return hiddenSites(sitesOf(...sites), new Set(['Dense'])).map(({name}) => name);
}

describe('hiddenSites', () => {
  it('takes hidden layers and not the output', () => {
    expect(chosen(dense('a', 'relu'), dense('b', 'relu'), {...dense('c', 'softmax'), ...output})).toEqual([
      'a',
      'b',
    ]);
  });

  it('takes the activation layer of a linear layer, past a normalization', () => {
    expect(chosen(dense('a', 'linear'), named('ReLU', 'b'), dense('c', 'softmax'))).toEqual(['b', 'c']);
    expect(
      chosen(dense('a'), named('BatchNormalization', 'b'), named('Activation', 'c'), dense('d', 'relu')),
    ).toEqual(['c', 'd']);
  });

  it('stays at a linear layer that nothing follows up on', () => {
    expect(chosen(dense('a'), dense('b', 'relu'))).toEqual(['a', 'b']);
    expect(chosen(dense('a'), dense('b'), named('ReLU', 'c'), dense('d', 'relu'))).toEqual(['a', 'c', 'd']);
    expect(chosen({...dense('a'), feeds: ['b', 'c']}, named('ReLU', 'b'), dense('c', 'relu'))).toEqual([
      'a',
      'c',
    ]);
  });

  it('never takes logits or a value that is only reshaped on its way out', () => {
    expect(chosen(dense('a', 'relu'), dense('logits'), {...named('Softmax', 'out'), ...output})).toEqual([
      'a',
    ]);
    expect(
      chosen(dense('a', 'relu'), dense('pixels', 'sigmoid', 784), {...named('Reshape', 'out'), ...output}),
    ).toEqual(['a']);
  });

  it('tells parallel branches apart, which list their layers side by side', () => {
    const heads = [
      {...dense('a'), feeds: ['c']},
      {...dense('b'), feeds: ['d']},
      {...named('ReLU', 'c'), feeds: ['e']},
      named('ReLU', 'd'),
    ];
    expect(chosen(...heads, {...named('Concatenate', 'e', 8), ...output})).toEqual(['c', 'd']);
  });
});
