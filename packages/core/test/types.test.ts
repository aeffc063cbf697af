// What the types refuse: each line below would compile if the contract were looser. Checked by the type checker.
import {
  adam,
  createTrainer,
  crossValidate,
  defineRegularizer,
  type FitResult,
  type Fold,
  momentum,
  type Optimizer,
  type PureModel,
  type Regularizer,
  type StateTree,
  sgd,
  type Trainer,
  type TrainerOptions,
} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import {expect, expectTypeOf, test} from 'vitest';
import {mlp} from './support/models.ts';
import {classData} from './support/trainers.ts';

const base = () => ({model: mlp(), loss: 'categoricalCrossentropy', optimizer: adam()}) as const;

test('the state and the plan follow from setup', () => {
  const plugin = defineRegularizer({
    name: 'counter',
    setup: () => ({plan: {limit: 3}, state: {count: 0, sum: tf.scalar(0)}}),
    track: (state, {plan}) => {
      expectTypeOf(state.count).toEqualTypeOf<number>();
      expectTypeOf(state.sum).toEqualTypeOf<tf.Scalar>();
      expectTypeOf(plan.limit).toEqualTypeOf<number>();
      return state;
    },
  });
  expectTypeOf(plugin.name).toEqualTypeOf<'counter'>();
  expect(plugin.name).toBe('counter');
});

test('mistakes in a plugin do not compile', () => {
  // @ts-expect-error: there is no hook of this name
  defineRegularizer({name: 'x', onStep: () => undefined});
  // @ts-expect-error: a hook in the step may not be asynchronous
  defineRegularizer({name: 'x', project: async (weights) => weights});
  // @ts-expect-error: a penalty is a scalar, not a number
  defineRegularizer({name: 'x', penalty: () => 1});
  // @ts-expect-error: a state is JSON and tensors
  defineRegularizer({name: 'x', setup: () => ({state: {when: new Date()}})});
  defineRegularizer({
    name: 'x',
    setup: () => ({state: {count: 0}}),
    // @ts-expect-error: the state that setup made has another shape
    track: () => ({count: 'none'}),
  });
  // @ts-expect-error: no tag of this name
  expect(() => createTrainer({...base(), regularizers: [{name: 'x', tags: ['constrained']}]})).toThrow(
    'no tag',
  );
  // @ts-expect-error: likewise, and a plugin is named by {plugin: 'dropout'}
  defineRegularizer({name: 'x', before: ['dropout']});
  defineRegularizer({name: 'x', tags: ['decay'], before: ['constraint', {plugin: 'dropout'}]});
  // @ts-expect-error: nothing of this name can be owned
  defineRegularizer({name: 'x', owns: ['everything']});
  expect.assertions(1);
});

test('mistakes in the options of a trainer do not compile', () => {
  const one = defineRegularizer({name: 'one'});
  const two = defineRegularizer({name: 'two'});
  expectTypeOf(createTrainer({...base(), regularizers: [one, two]})).toHaveProperty('fit');
  // @ts-expect-error: two plugins are named one
  expect(() => createTrainer({...base(), regularizers: [one, two, one]})).toThrow(
    'two plugins are named one',
  );
  // @ts-expect-error: there is no such loss
  expect(() => createTrainer({...base(), loss: 'focal'})).toThrow('unknown loss "focal"');
  // @ts-expect-error: there is no such option
  expect(() => createTrainer({...base(), learningRate: 1})).toThrow('unknown option learningRate');
  // @ts-expect-error: a trainer needs an optimizer
  const missing: TrainerOptions = {model: mlp(), loss: 'meanSquaredError'};
  expect(() => createTrainer(missing)).toThrow('optimizer must be an optimizer of this library');
  // @ts-expect-error: an optimizer of tfjs is none of ours
  expect(() => createTrainer({...base(), optimizer: tf.train.sgd(0.1)})).toThrow('optimizer must be');
  expectTypeOf(sgd().name).toEqualTypeOf<string>();
});

test('the trained model is of the kind that went in', async () => {
  const {x, y} = classData();
  const trainer = createTrainer({...base(), model: mlp()});
  expectTypeOf(trainer.fit).returns.resolves.toHaveProperty('model').toEqualTypeOf<LayersModel>();
  const sequential = createTrainer({...base(), model: tfl.sequential({layers: mlp().layers})});
  expectTypeOf(sequential).toEqualTypeOf<Trainer<tfl.Sequential>>();
  expectTypeOf<FitResult<tfl.Sequential>['model']>().toEqualTypeOf<LayersModel>();
  const given: PureModel = {
    weights: {w: tf.zeros([4, 3])},
    inputShapes: [[4]],
    apply: ({w}, [input]) => tf.softmax(tf.matMul(input as tf.Tensor2D, w as tf.Tensor2D)),
  };
  const pure = createTrainer({...base(), model: given});
  const result = await pure.fit({x, y});
  expectTypeOf(result.model).toEqualTypeOf<PureModel>();
  expect(result.model.weights['w']).toBeInstanceOf(tf.Tensor);
  expectTypeOf<FitResult['model']>().toEqualTypeOf<LayersModel | PureModel>();
  expectTypeOf(trainer).toExtend<Trainer>();
});

test('models of folds are of the kind that went in', async () => {
  const folds = {folds: 2, onFold: ({model}: {model: LayersModel}) => void model};
  const {folds: ofLayers} = await crossValidate(() => ({...base(), model: mlp()}), classData(), folds);
  expectTypeOf(ofLayers[0]!.model).toEqualTypeOf<LayersModel>();
  const pure = (): PureModel => ({
    weights: {w: tf.zeros([4, 3])},
    inputShapes: [[4]],
    apply: ({w}, [x]) => tf.softmax(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)),
  });
  const result = await crossValidate(() => ({...base(), model: pure()}), classData(), {folds: 2});
  expectTypeOf(result.folds[0]!.model).toEqualTypeOf<PureModel>();
  expect(result.folds[0]!.model.weights['w']).toBeInstanceOf(tf.Tensor);
  expectTypeOf<Fold['model']>().toEqualTypeOf<LayersModel | PureModel>();
});

test('a list of plugins hides their plans and states, and holds any', () => {
  type Hooks = Required<Regularizer>;
  expectTypeOf<Parameters<Hooks['penalty']>[1]['plan']>().toBeUnknown();
  expectTypeOf<Parameters<Hooks['track']>[0]>().toEqualTypeOf<StateTree>();
  expectTypeOf<ReturnType<Hooks['setup']>['plan']>().toBeUnknown();
  expectTypeOf<Parameters<Optimizer['update']>[2]['state']>().toEqualTypeOf<StateTree>();
  const counter = defineRegularizer({
    name: 'counter',
    setup: () => ({plan: {limit: 3}, state: {count: 0}}),
    track: ({count}, {plan}) => ({count: Math.min(count + 1, plan.limit)}),
  });
  expectTypeOf(counter).toExtend<Regularizer>();
  expectTypeOf(momentum()).toExtend<Optimizer>();
  expectTypeOf([counter, defineRegularizer({name: 'none'})]).toExtend<readonly Regularizer[]>();
  // @ts-expect-error: what a plugin of a list keeps is not known
  const read: Regularizer = {name: 'x', evaluated: (_, {state}) => ({state: state.count})};
  expect(read.name).toBe('x');
});
