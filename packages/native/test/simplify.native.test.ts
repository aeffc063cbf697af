import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {nativeBackend} from '../src/backend.ts';
import {record} from '../src/capture/recorder.ts';
import {simplify} from '../src/capture/simplify/simplify.ts';
import {numbers} from './on-cpu.ts';

/** Names of the ops that a result needs, last one first, once simplified. */
function opsFor(run: () => tf.Tensor): string[] {
  return tf.tidy(() => {
    const backend = nativeBackend();
    const {result, recording} = record(backend, new Set(), () => backend.getInputTensorIds([run()])[0]!);
    const {ops} = simplify(recording);
    const needed: string[] = [];
    const waiting = [result];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const op = ops.find(({outputs}) => outputs.includes(id!));
      if (!op) continue;
      needed.push(op.name);
      waiting.push(...op.inputs);
    }
    return needed;
  });
}

const x = () => tf.tensor2d(numbers(12), [4, 3]);
const kernel = () => tf.tensor2d(numbers(6), [3, 2]);
const bias = () => tf.tensor1d(numbers(2));

test('a dense layer is a product, a bias and a relu', () => {
  const layer = () => tf.relu(tf.add(tf.matMul(x(), kernel()), bias()));
  expect(opsFor(layer)).toEqual(['Relu', 'BiasAdd', 'MatMul']);
});

test('the gradient of relu is one op, of what relu gave', () => {
  const gradient = (): tf.Tensor => tf.grad((a: tf.Tensor) => tf.relu(tf.neg(a)))(x(), tf.ones([4, 3]));
  expect(opsFor(gradient)).toEqual(['Neg', 'ReluGrad', 'Relu', 'Neg']);
});

test('a step with a slope is left as it is', () => {
  const sloped = () => tf.mul(tf.ones([4, 3]), tf.step(tf.sub(x(), 0.5), 0.1));
  expect(opsFor(sloped)).not.toContain('ReluGrad');
});

test('products of batches, and sums with what is no bias, are left as they are', () => {
  expect(opsFor(() => tf.matMul(tf.ones([2, 4, 3]), tf.ones([2, 3, 2])))).toContain('BatchMatMulV2');
  expect(opsFor(() => tf.add(tf.matMul(x(), kernel()), tf.ones([4, 2])))).not.toContain('BiasAdd');
});

test('a small softmax needs no setting up', () => {
  expect(opsFor(() => tf.softmax(x()))).toEqual(['Exp', 'LogSoftmax']);
  expect(opsFor(() => tf.softmax(tf.ones([256, 256])))).toEqual(['Softmax']);
});

test('a product that is worth several threads stays the one that gets them', () => {
  expect(opsFor(() => tf.matMul(tf.ones([128, 784]), tf.ones([784, 256])))).toEqual(['BatchMatMulV2']);
  expect(opsFor(() => tf.matMul(tf.ones([128, 784]), tf.ones([784, 16])))).toEqual(['MatMul']);
});

test('a sum of squares is one pass, with the factor outside', () => {
  expect(opsFor(() => tf.sum(tf.square(x())))).toEqual(['Mul', 'L2Loss']);
  const penalty = () => {
    const w = x();
    return tf.sum(tf.mul(w, tf.mul(w, tf.scalar(0.5))));
  };
  expect(opsFor(penalty)).toEqual(['Mul', 'Mul', 'L2Loss']);
  expect(opsFor(() => tf.sum(tf.square(x()), 1))).not.toContain('L2Loss');
  expect(opsFor(() => tf.sum(tf.mul(x(), tf.neg(x()))))).not.toContain('L2Loss');
});

test('what is not float is left as it is', () => {
  const integers = () => tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32');
  expect(opsFor(() => tf.sum(tf.square(integers())))).not.toContain('L2Loss');
  expect(opsFor(() => tf.add(tf.matMul(integers(), integers()), tf.tensor1d([1, 2], 'int32')))).not.toContain(
    'BiasAdd',
  );
});
