import {cosineDecay, createTrainer, RegularizerError, type SampleContext, sgd} from '@regularizers/core';
import {deriveKey} from '@regularizers/random';
import {makeFixture} from '@regularizers/testing';
import {describe, expect, it} from 'vitest';
import {type BaggingOptions, bagging, bootstrapIndices, voteOutput} from '../src/index.ts';
import {contextOf} from './context.ts';

const all = (count: number) => Int32Array.from({length: count}, (_, i) => i);

describe('bootstrapIndices', () => {
  it('draws with replacement: 1 − 1/e of the examples at least once', () => {
    const count = 20_000;
    const drawn = bootstrapIndices(all(count), deriveKey(7, 'bootstrap'));
    expect(drawn.length).toBe(count);
    // The share of distinct ones has mean 1 − (1 − 1/n)ⁿ = 0.63212 and standard deviation √((e⁻¹ − 2e⁻²)/n) = 0.0022.
    const share = new Set(drawn).size / count;
    expect(Math.abs(share - 0.63212)).toBeLessThan(4 * 0.0022);
  });

  it('draws from the indices it is given', () => {
    const drawn = bootstrapIndices(Int32Array.of(5, 9), deriveKey(7, 'bootstrap'), 50);
    expect(drawn.length).toBe(50);
    expect([...new Set(drawn)].sort()).toEqual([5, 9]);
  });
});

function contextFor(member: number, epoch: number): SampleContext<undefined> {
  return {
    plan: undefined,
    member,
    epoch,
    examples: 100,
    classes: {},
    key: (purpose) => deriveKey(7, member, purpose),
    epochKey: (purpose) => deriveKey(7, member, purpose, epoch),
  };
}

describe('bagging', () => {
  it('gives each member a sample of its own, the same in every epoch', () => {
    const {sample, members, owns} = bagging();
    expect(members).toBe(5);
    expect(owns).toEqual(['members']);
    const drawn = (member: number, epoch: number) => sample?.(all(100), contextFor(member, epoch));
    expect(drawn(1, 2)).toEqual(drawn(1, 1));
    expect(drawn(2, 1)).not.toEqual(drawn(1, 1));
  });

  it('draws fewer if asked, but one at least', () => {
    const drawn = (sampleSize: number) => bagging({sampleSize}).sample?.(all(100), contextFor(0, 1)).length;
    expect(drawn(0.25)).toBe(25);
    expect(drawn(1e-6)).toBe(1);
  });

  it("schedules run over the members' samples, to their end", async () => {
    const {model, x, y, loss, dispose} = makeFixture('classifier');
    const cosine = cosineDecay({from: 1});
    const last = [0, 0];
    const optimizer = sgd({
      learningRate: (position) => {
        last[position.member] = cosine(position);
        return cosine(position) / 100;
      },
    });
    const regularizers = [bagging({members: 2, sampleSize: 0.5})];
    const trainer = createTrainer({model, loss, optimizer, regularizers, seed: 1});
    // 12 of 24 examples: 3 steps in each of 2 epochs, the last of which has ½(1 + cos(5π/6)).
    await trainer.fit({x, y}, {epochs: 2, batchSize: 4});
    for (const rate of last) expect(rate).toBeCloseTo(0.5 * (1 + Math.cos((5 / 6) * Math.PI)), 12);
    trainer.dispose();
    dispose();
  });

  it('combines as asked, where that makes sense', () => {
    expect(bagging({combine: 'vote'}).combine).toBe(voteOutput);
    expect(bagging({combine: 'logits'}).combineOn).toBe('logits');
    const setup = (combine: 'mean' | 'logits' | 'vote', context: Parameters<typeof contextOf>[1]) => () =>
      bagging({combine}).setup?.(contextOf({'out/kernel': 'trained'}, context));
    for (const combine of ['mean', 'logits', 'vote'] as const) {
      for (const kind of ['classes', 'binary'] as const) {
        for (const outputs of ['probabilities', 'logits'] as const) {
          expect(setup(combine, {kind, outputs})).not.toThrow();
        }
      }
    }
    expect(setup('mean', {kind: 'values'})).not.toThrow();
    expect(setup('vote', {kind: 'values'})).toThrow(/real values/);
    expect(setup('logits', {kind: 'values'})).toThrow(/real values/);
    // Scores of classes have a largest; scores of yes and no have no threshold that is known.
    expect(setup('vote', {kind: 'classes', outputs: 'values'})).not.toThrow();
    expect(setup('vote', {kind: 'binary', outputs: 'values'})).toThrow(/real values/);
  });

  it.each([
    ['one member', {members: 1}, 'out-of-range'],
    ['no examples', {sampleSize: 0}, 'out-of-range'],
    ['more examples than there are', {sampleSize: 1.5}, 'out-of-range'],
    ['another way to combine', {combine: 'median'}, 'unknown-choice'],
    ['an unknown option', {replacement: true}, 'unknown-option'],
  ])('refuses %s', (_, options, code) => {
    const make = () => bagging(options as BaggingOptions<'bagging'>);
    expect(make).toThrow(RegularizerError);
    expect(make).toThrow(expect.objectContaining({code, where: 'bagging'}));
  });
});
