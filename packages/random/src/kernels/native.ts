// For tfjs-node: TensorFlow's own ops. The key stays a tensor, so that a captured graph can be fed it.
import * as tf from '@tensorflow/tfjs-core';
import {type Draw, streamOffset} from './request.ts';

interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number;
}

/** The part of tfjs-node's backend that we call. */
export interface NativeBackend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_BOOL' | 'TF_FLOAT' | 'TF_INT32', number>>;
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[];
}

export function isNative(backend: object): backend is NativeBackend {
  return 'executeSingleOutput' in backend && 'binding' in backend;
}

export function drawOnNative(backend: NativeBackend, request: Draw): tf.TensorInfo {
  const {TF_ATTR_TYPE, TF_BOOL, TF_FLOAT, TF_INT32} = backend.binding;
  const attributes = (types: Record<string, number>): OpAttribute[] =>
    Object.entries(types).map(([name, value]) => ({name, type: TF_ATTR_TYPE, value}));
  const run = (op: string, types: Record<string, number>, inputs: tf.TensorInfo[]): tf.Tensor =>
    backend.executeSingleOutput(op, attributes(types), inputs);

  const {distribution, seed, threshold, shape, stream, min, max} = request;
  return tf.tidy(() => {
    const offset = () => tf.tensor1d([streamOffset(stream), 0], 'int32');
    const key = stream === 0 ? seed : run('AddV2', {T: TF_INT32}, [seed, offset()]);
    const random = (op: string, dtype: number, bounds: tf.TensorInfo[] = []) =>
      run(op, {dtype, T: TF_INT32, Tseed: TF_INT32}, [tf.tensor1d(shape, 'int32'), key, ...bounds]);
    const uniform = () => random('StatelessRandomUniform', TF_FLOAT);

    switch (distribution) {
      case 'Uniform':
        return uniform();
      case 'Normal':
        return random('StatelessRandomNormal', TF_FLOAT);
      case 'Integers':
        return random('StatelessRandomUniformInt', TF_INT32, [
          tf.scalar(min, 'int32'),
          tf.scalar(max, 'int32'),
        ]);
      case 'Bernoulli':
        return run('Cast', {SrcT: TF_BOOL, DstT: TF_FLOAT}, [
          run('Less', {T: TF_FLOAT}, [uniform(), threshold!]),
        ]);
      case 'Permutation': {
        // TopKV2 puts the lower index first where values are equal, which is the order of ties that we promise.
        const inputs = [run('Neg', {T: TF_FLOAT}, [uniform()]), tf.scalar(shape[0]!, 'int32')];
        const [, order] = backend.executeMultipleOutputs('TopKV2', attributes({T: TF_FLOAT}), inputs, 2);
        return run('InvertPermutation', {T: TF_INT32}, [order!]);
      }
    }
  });
}
