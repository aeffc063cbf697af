import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Task} from '../protocol.ts';
import {buildModel, type Ties} from './model.ts';
import type {Setting} from './session.ts';

/** Where a layer's weights are in the file of weights, in values from its start. */
type WeightIndex = Readonly<
  Record<string, readonly {readonly shape: readonly number[]; readonly offset: number}[]>
>;

/** The examples of a task. */
export function readData({folder, spec}: Task): {readonly x: tf.Tensor; readonly y: tf.Tensor} {
  const read = (name: string, shape: readonly number[]): tf.Tensor => {
    const floats = readFloats(join(folder, name));
    return tf.tensor(floats, [floats.length / sizeOf(shape), ...shape]);
  };
  return {x: read('x.bin', spec.input), y: read('y.bin', [spec.outputs])};
}

/** The model of a task, with the weights that every peer starts from. */
function readModel({folder, spec}: Task, ties: Ties): LayersModel {
  const model = buildModel(spec, ties);
  const values = readFloats(join(folder, 'weights.bin'));
  const index = JSON.parse(readFileSync(join(folder, 'weights.json'), 'utf8')) as WeightIndex;
  for (const layer of model.layers) {
    const entries = index[layer.name];
    if (!entries) continue;
    const given = entries.map(({shape, offset}) => {
      return tf.tensor(values.slice(offset, offset + sizeOf(shape)), [...shape]);
    });
    // A decoder that a regularizer ties has a kernel of its own, whose value is never used.
    const missing = layer.weights.length - given.length;
    layer.setWeights([...layer.getWeights().slice(0, missing), ...given]);
    tf.dispose(given);
  }
  return model;
}

/** A task with its data and a new model. */
export function settingOf(
  task: Task,
  data: {readonly x: tf.Tensor; readonly y: tf.Tensor},
  ties: Ties,
): Setting {
  const {spec, batch, shuffle, plugins} = task;
  return {spec, batch, shuffle, plugins, model: readModel(task, ties), ...data};
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function readFloats(path: string): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
