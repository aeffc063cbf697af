import type * as tf from '@tensorflow/tfjs-core';

/** A key on the host: two int32. Equal to TensorFlow's `seed=[a, b]`. */
export type KeyPair = readonly [number, number];

/** A key as a tensor: int32, shape `[2]`, so that a captured TensorFlow graph can be fed one per step. */
export type Key = tf.Tensor1D;

/** A key as a tensor or as a pair. */
export type KeyLike = Key | KeyPair;
