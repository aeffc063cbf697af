import type {Dataset, StreamElement} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {classData} from './trainers.ts';

/** A stream in the form of tf.data.Dataset: each iterator goes through the data once. */
export function streamOf(sizes: readonly number[], log: string[] = []): Dataset {
  return {
    async iterator() {
      log.push('open');
      const {x, y} = classData(sizes.reduce((sum, size) => sum + size, 0));
      let start = 0;
      const rest = [...sizes];
      return {
        async next(): Promise<IteratorResult<StreamElement>> {
          const size = rest.shift();
          if (size === undefined) return {done: true, value: undefined};
          const [xs, ys] = [tf.slice(x, start, size), tf.slice(y, start, size)];
          start += size;
          log.push(`${start - size}–${start}`);
          return {done: false, value: {xs, ys}};
        },
      };
    },
  };
}
