// Apart from the other rows: tfjs's own package is for Node here.
import {data} from '@tensorflow/tfjs';
import type * as tf from '@tensorflow/tfjs-core';
import {type Row, trained} from './row.ts';
import {classes, classifier, features} from './small.ts';

const examples = () =>
  data.zip({xs: data.array(features().arraySync() as number[][]), ys: data.array([...classes])});

export const datasets: readonly Row[] = [
  {
    what: 'a `tf.data.Dataset` (in Node)',
    run: () => trained({model: classifier()}, examples().batch(4)),
    sameAs: {
      form: '`{x, y}`, with `shuffle: false`',
      run: () =>
        trained(
          {model: classifier()},
          {x: features(), y: classes as number[] | tf.Tensor},
          {batchSize: 4, shuffle: false},
          examples().batch(4),
        ),
    },
  },
  {
    what: 'a `tf.data.Dataset` without `batch` (in Node)',
    run: () => trained({model: classifier()}, examples()),
    code: 'data-shape',
    advice: 'A stream gives batches: of a tf.data.Dataset, dataset.batch(32) makes them.',
  },
];
