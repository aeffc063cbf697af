import {
  adam,
  createTrainer,
  defineRegularizer,
  type Loss,
  mapValues,
  momentum,
  type Optimizer,
  type PureModel,
  type Regularizer,
  sgd,
  type Tensors,
} from '@regularizers/core';
import {isThorough} from '@regularizers/testing';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {describe, expect, test} from 'vitest';
import {rounding} from './tolerance.ts';
import {writtenGraphs} from './watched.ts';
import {accessesOf, type GraphNode} from './written-graphs.ts';

/** A critic's: the mean of t·y, whose gradient in the last weights does not depend on them. */
const critic: Loss = {
  name: 'critic',
  kind: 'values',
  outputs: 'values',
  linear: true,
  perExample: (target, output) => tf.sum(tf.mul(target, output), 1),
};

/** From one set of weights two updates, half of each: neither may begin where the other has ended. */
const halfOfEach = (): Optimizer<null> => {
  const [first, second] = [sgd({learningRate: 0.5}), sgd({learningRate: 0.5})];
  return {
    ...first,
    name: 'halfOfEach',
    update(weights, gradients, step) {
      const a = first.update(weights, gradients, {...step, state: null}).weights;
      const opposite = mapValues(gradients, (gradient) => tf.mul(gradient, -0.5));
      const b = second.update(weights, opposite, {...step, state: null}).weights;
      return {weights: mapValues(a, (w, name) => tf.mul(tf.add(w, b[name]!), 0.5)), state: null};
    },
  };
};

/** Steps that are looked at and then not taken. */
const lookOnly = (): Optimizer<Tensors> => {
  const inner = sgd({learningRate: 0.5});
  return {
    ...inner,
    name: 'lookOnly',
    init: (weights) => mapValues(weights, (w) => tf.zerosLike(w)),
    update(weights, gradients, step) {
      const {weights: seen} = inner.update(weights, gradients, {...step, state: null});
      return {weights, state: mapValues(step.state, (sum, name) => tf.add(sum, seen[name]!))};
    },
  };
};

const optimizers: Readonly<Record<string, () => Optimizer>> = {
  sgd: () => sgd({learningRate: 0.125}),
  momentum: () => momentum({learningRate: 0.125, momentum: 0.5}),
  nesterov: () => momentum({learningRate: 0.125, momentum: 0.5, nesterov: true}),
  adam: () => adam({learningRate: 0.125}),
  halfOfEach,
  lookOnly,
};

/** Each in its way reads weights that the step changes, or changes them once more. */
const plugins: Readonly<Record<string, () => Regularizer>> = {
  decay: () =>
    defineRegularizer({
      name: 'decay',
      project: (weights, {previous}) =>
        mapValues(weights, (w, name) => tf.sub(w, tf.mul(previous[name]!, 0.125))),
    }),
  undo: () => defineRegularizer({name: 'undo', project: (_, {previous}) => previous}),
  average: () =>
    defineRegularizer({
      name: 'average',
      setup: ({initial}) => ({state: {mean: initial}}),
      track: ({mean}, {weights}) => ({
        mean: mapValues(mean, (old, name) =>
          tf.add(old, tf.mul(tf.sub(weights[name]!, old), tf.scalar(0.5))),
        ),
      }),
    }),
  last: () =>
    defineRegularizer({
      name: 'last',
      setup: ({initial}) => ({state: {now: initial, before: initial}}),
      track: ({now}, {weights}) => ({now: weights, before: now}),
    }),
  noise: () =>
    defineRegularizer({name: 'noise', weights: (weights) => mapValues(weights, (w) => tf.mul(w, 0.5))}),
  shrink: () =>
    defineRegularizer({
      name: 'shrink',
      gradients: (gradients, {weights}) =>
        mapValues(gradients, (gradient, name) => tf.add(gradient, tf.mul(weights[name]!, 0.25))),
    }),
  ahead: () =>
    defineRegularizer({
      name: 'ahead',
      gradients: (_, {weights, gradientsAt}) => gradientsAt(mapValues(weights, (w) => tf.mul(w, 0.5))),
    }),
};

interface Run {
  readonly execution: 'eager' | 'captured';
  readonly optimizer: Optimizer;
  readonly plugins?: readonly Regularizer[];
  readonly inputs?: number;
  readonly epochs?: number;
  /** Batches of each step. */
  readonly accumulate?: number;
}

/**
 * The weights of Dense(16, relu) → Dense(1) after some steps under the critic's loss; all numbers are short binary
 * fractions, so that nothing is rounded and any right way to compute gives the same bits.
 */
async function train({execution, optimizer, plugins: regularizers = [], inputs = 4, ...fit}: Run) {
  const model = sequential({
    layers: [
      layers.dense({units: 16, activation: 'relu', inputShape: [inputs], name: 'hidden'}),
      layers.dense({units: 1, name: 'output'}),
    ],
  });
  const fraction = (i: number): number => ((i * 7) % 9) / 4 - 1;
  const fractions = (shape: number[]): tf.Tensor =>
    tf.tensor(
      Float32Array.from({length: tf.util.sizeFromShape(shape)}, (_, i) => fraction(i)),
      shape,
    );
  const first = model.weights.map(({shape}) => fractions(shape as number[]));
  model.setWeights(first);
  const [x, y] = [fractions([8, inputs]), fractions([8, 1])];
  const trainer = createTrainer({model, loss: critic, optimizer, regularizers, execution});
  try {
    await trainer.fit({x, y}, {epochs: 2, batchSize: 4, ...fit});
    const {tensors} = await trainer.save();
    return {weights: model.getWeights().flatMap((weight) => [...weight.dataSync()]), tensors};
  } finally {
    trainer.dispose();
    model.dispose();
    tf.dispose([x, y, ...first]);
  }
}

describe('in every written graph each read of a variable precedes the update that would change it', () => {
  const names = Object.keys(plugins);
  const lists = [[], ...names.flatMap((a, i) => [[a], ...names.slice(i + 1).map((b) => [a, b])]), names];
  // Each two plugins are under two of the six optimizers.
  const listsOf = (place: number) =>
    lists.filter((list, i) => isThorough || list.length !== 2 || i % 3 === place % 3);

  test.each(Object.keys(optimizers))('with %s, under every two plugins and under all', async (name) => {
    for (const list of listsOf(Object.keys(optimizers).indexOf(name))) {
      const run = {optimizer: optimizers[name]!(), plugins: list.map((plugin) => plugins[plugin]!())};
      const eager = await train({...run, execution: 'eager'});
      const graphs = await writtenGraphs(async () => {
        const captured = await train({...run, execution: 'captured'});
        const worst = Math.max(...captured.weights.map((w, i) => Math.abs(w - eager.weights[i]!)));
        expect(worst, list.join()).toBeLessThan(rounding);
      });
      const found = graphs.map(accessesOf);
      expect(found.flatMap(({unordered}) => unordered)).toEqual([]);
      expect(found.some(({reads, updates}) => reads > 0 && updates > 0)).toBe(true);
    }
  });

  test('and with weights so large that Adam has them updated in place', async () => {
    for (const list of lists.filter(({length}) => length < 2)) {
      const chosen = list.map((plugin) => plugins[plugin]!());
      const graphs = await writtenGraphs(() =>
        train({execution: 'captured', optimizer: adam(), plugins: chosen, inputs: 1024}),
      );
      expect(graphs.flat().some(({op}) => op === 'ResourceApplyAdam')).toBe(!list.includes('undo'));
      expect(graphs.map(accessesOf).flatMap(({unordered}) => unordered)).toEqual([]);
    }
  });

  test('which the walk would see where it does not', () => {
    const node = (name: string, op: string, ...input: string[]): GraphNode => ({name, op, input});
    const graph = (...after: string[]): GraphNode[] => [
      node('w', 'VarHandleOp'),
      node('old', 'ReadVariableOp', 'w'),
      node('loss', 'Sum', 'old'),
      node('apply', 'ResourceApplyGradientDescent', 'w', 'rate', 'g', ...after),
      node('rate', 'Placeholder'),
      node('g', 'Placeholder'),
      node('done', 'Identity', 'loss:0', '^apply'),
    ];
    const open = 'apply (ResourceApplyGradientDescent) and old (ReadVariableOp)';
    expect(accessesOf(graph())).toEqual({reads: 1, updates: 1, unordered: [open]});
    expect(accessesOf(graph('^rate')).unordered).toEqual([open]);
    expect(accessesOf(graph('^old')).unordered).toEqual([]);
    expect(accessesOf(graph('^loss')).unordered).toEqual([]);
  });
});

describe('a captured step gives the bits of the eager one, every time', () => {
  const times = isThorough ? 20 : 5;

  test.each(['sgd', 'momentum', 'nesterov', 'halfOfEach', 'lookOnly'])(
    "under a critic's loss, with %s",
    async (name) => {
      for (const accumulate of [1, 2]) {
        const eager = await train({execution: 'eager', optimizer: optimizers[name]!(), accumulate});
        for (let i = 0; i < times; i++) {
          const captured = await train({execution: 'captured', optimizer: optimizers[name]!(), accumulate});
          expect(captured).toEqual(eager);
        }
      }
    },
  );

  test('where the weight before its update is subtracted from it', async () => {
    const line: PureModel = {
      weights: {w: tf.tensor1d([1])},
      inputShapes: [[1]],
      apply: ({w}, [x]) => tf.mul(w!, x!),
    };
    const decay = defineRegularizer({
      name: 'decay',
      project: ({w}, {previous, learningRate}) => ({
        w: tf.sub(w!, tf.mul(previous['w']!, tf.mul(learningRate, 0.04))),
      }),
    });
    const [x, y] = [tf.tensor2d([[0.5]]), tf.tensor2d([[1]])];
    const run = async (execution: 'eager' | 'captured'): Promise<number> => {
      const trainer = createTrainer({
        model: line,
        loss: critic,
        optimizer: sgd({learningRate: 0.1}),
        regularizers: [decay],
        execution,
      });
      await trainer.fit({x, y}, {epochs: 1, batchSize: 1});
      const {tensors} = await trainer.save();
      trainer.dispose();
      return Object.values(tensors).find(({shape}) => shape.join() === '1')!.values[0]!;
    };
    const eager = await run('eager');
    // 1 − .1·.5 − .1·.04·1
    expect(Math.abs(eager - 0.946)).toBeLessThan(rounding);
    for (let i = 0; i < times; i++) expect(await run('captured')).toBe(eager);
    tf.dispose([x, y, line.weights['w']!]);
  });
});
