import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {
  boolAttribute,
  executeOp,
  floatAttribute,
  intAttribute,
  nativeBackend,
  shapeAttribute,
  stringAttribute,
  typeAttribute,
} from '../src/index.ts';

// The numbers of tf.random.stateless_uniform([8], seed=[1, 2]) in Python.
const pythons = [0.8440604, 0.19204533, 0.9962232, 0.1603874, 0.27199018, 0.649346, 0.10694444, 0.06516242];

test('a random op by name gives the numbers of TensorFlow in Python', () => {
  const inputs = [tf.tensor1d([8], 'int32'), tf.tensor1d([1, 2], 'int32')];
  const attributes = [
    typeAttribute('T', 'int32'),
    typeAttribute('Tseed', 'int32'),
    typeAttribute('dtype', 'float32'),
  ];
  const direct = nativeBackend().executeSingleOutput('StatelessRandomUniform', attributes, inputs);
  const [byName] = executeOp('StatelessRandomUniform', attributes, inputs);
  for (const draws of [direct, byName!]) {
    draws.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(pythons[i]!, 7);
    });
  }
});

const float = () => typeAttribute('T', 'float32');

test('several outputs', () => {
  const parts = executeOp(
    'Unpack',
    [float(), intAttribute('num', 2), intAttribute('axis', 1)],
    [
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
    ],
    2,
  );
  expect(parts.map((part) => part.arraySync())).toEqual([
    [1, 3],
    [2, 4],
  ]);
});

test('numbers, truth values, and strings with lists of numbers', () => {
  const [leaky] = executeOp('LeakyRelu', [float(), floatAttribute('alpha', 0.5)], [tf.tensor1d([-4, 4])]);
  expect(leaky!.arraySync()).toEqual([-2, 4]);

  const product = [float(), boolAttribute('transpose_a', true), boolAttribute('transpose_b', false)];
  const [multiplied] = executeOp('MatMul', product, [tf.tensor2d([[1], [2]]), tf.tensor2d([[3], [4]])]);
  expect(multiplied!.arraySync()).toEqual([[11]]); // 1·3 + 2·4

  const window = [intAttribute('ksize', [1, 2, 2, 1]), intAttribute('strides', [1, 2, 2, 1])];
  const pool = [float(), ...window, stringAttribute('padding', 'VALID')];
  const [pooled] = executeOp('MaxPool', pool, [tf.tensor4d([1, 7, 3, 5], [1, 2, 2, 1])]);
  expect(pooled!.dataSync()).toEqual(Float32Array.of(7));
});

test('a variable of TensorFlow, with a shape and a resource', () => {
  const dtype = typeAttribute('dtype', 'float32');
  const name = [stringAttribute('container', ''), stringAttribute('shared_name', 'ops.native.test')];
  const [handle] = executeOp('VarHandleOp', [dtype, shapeAttribute('shape', [2]), ...name], []);
  executeOp('AssignVariableOp', [dtype], [handle!, tf.tensor1d([5, 6])], 0);
  const [value] = executeOp('ReadVariableOp', [dtype], [handle!]);
  expect(value!.arraySync()).toEqual([5, 6]);
});
