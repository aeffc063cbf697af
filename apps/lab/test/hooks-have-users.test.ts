// The contract has nothing that no technique uses: each hook, each thing that a plugin says of itself, each part of what
// `setup` returns.
import {createTrainer, type Regularizer, type Setup, sgd} from '@regularizers/core';
import {type Fixture, type FixtureName, makeFixture} from '@regularizers/testing';
import {expect, test} from 'vitest';
import {createRegularizers, techniques} from '../src/regularizers.ts';
import {takingOver} from './compositions/entries.ts';

/** Of a plugin; the compiler says where the contract has more, or less. */
const parts = {
  tags: true,
  before: true,
  after: true,
  inListOrder: true,
  excludes: true,
  owns: true,
  members: true,
  passes: true,
  keeps: true,
  combineOn: true,
  settings: true,
  setup: true,
  check: true,
  adapt: true,
  sample: true,
  scalars: true,
  batch: true,
  derive: true,
  weights: true,
  activation: true,
  targets: true,
  penalty: true,
  gradients: true,
  project: true,
  track: true,
  collect: true,
  evaluated: true,
  epochEnd: true,
  evaluation: true,
  combine: true,
  assemble: true,
  explain: true,
  finish: true,
} satisfies Record<Exclude<keyof Regularizer, 'name' | 'call'>, true>;

/** Of what `setup` returns. */
const setupParts = {
  plan: true,
  state: true,
  later: true,
  weights: true,
  initial: true,
  derived: true,
  at: true,
  observe: true,
  claims: true,
  evaluateEvery: true,
  recalibrate: true,
  idle: true,
} satisfies Record<keyof Setup, true>;

/** The keys of an object that hold something. */
const filled = (thing: object): readonly string[] =>
  Object.entries(thing).flatMap(([key, value]) => (value === undefined ? [] : [key]));

/** Each trial of each technique, and what takes over what a model declares. */
function* plugins(): Generator<readonly [Regularizer, Fixture]> {
  for (const {name, example = {}, trials = [{options: example}]} of techniques) {
    for (const {options = {}, on = ['composite']} of trials) {
      yield [createRegularizers([{name, ...options}])[0]!, makeFixture(on[0] as FixtureName)];
    }
  }
  for (const {create, declares = []} of Object.values(takingOver)) {
    const fixture = makeFixture('composite', {declares: [declares].flat()});
    yield [create(fixture), fixture];
  }
}

test('each part of the contract is used by a technique that ships', () => {
  const used = new Set<string>();
  const usedInSetup = new Set<string>();
  for (const [plugin, fixture] of plugins()) {
    for (const key of filled(plugin)) used.add(key);
    const watched: Regularizer = {
      ...plugin,
      setup(context) {
        const setup = plugin.setup?.(context) ?? {};
        for (const key of filled(setup)) usedInSetup.add(key);
        return setup;
      },
    };
    const {model, loss} = fixture;
    createTrainer({model, loss, optimizer: sgd(), regularizers: [watched]}).dispose();
    fixture.dispose();
  }
  expect(Object.keys(parts).filter((part) => !used.has(part))).toEqual([]);
  expect(Object.keys(setupParts).filter((part) => !usedInSetup.has(part))).toEqual([]);
});
