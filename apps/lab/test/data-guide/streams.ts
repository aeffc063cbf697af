import type {FitOptions, StreamData, StreamElement} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {type Data, type Outcome, type Row, trained} from './row.ts';
import {classes, classifier, examples, features} from './small.ts';

const size = 4;

const arrays = () => ({x: features(), y: classes});
const asArrays = {
  form: '`{x, y}`, with `shuffle: false`',
  run: () => trained({model: classifier()}, arrays(), {batchSize: size, shuffle: false}, batches(plain)),
};

type Form = (x: tf.Tensor, y: tf.Tensor) => unknown;
const plain: Form = (xs, ys) => ({xs, ys});

/** A pass over the examples, in batches of one form. */
function pass(form: Form): Generator<StreamElement> {
  return (function* () {
    for (let start = 0; start < examples; start += size) {
      const x = tf.tidy(() => tf.slice(features(), start, size));
      yield form(x, tf.tensor1d(classes.slice(start, start + size), 'int32')) as StreamElement;
    }
  })();
}

const batches = (form: Form) => (): Generator<StreamElement> => pass(form);

const run =
  (data: () => StreamData, fit: FitOptions = {}, evaluated?: Data) =>
  (): Promise<Outcome> =>
    trained({model: classifier()}, data(), fit, evaluated);

/** One form of a stream's elements. */
const inForm = (written: string, form: Form): Row => ({
  what: `elements \`${written}\``,
  run: run(() => batches(form)),
  sameAs: asArrays,
});

const needless = (option: string, fit: FitOptions): Row => ({
  what: `a stream, and \`${option}\``,
  run: run(() => batches(plain), fit),
  code: 'no-effect',
  advice: 'Leave it out, and let the stream do it',
});

const iterable: StreamData = {[Symbol.iterator]: batches(plain)};

export const streams: readonly Row[] = [
  {what: 'a generator function', run: run(() => batches(plain)), sameAs: asArrays},
  {
    what: 'an asynchronous generator function',
    run: run(
      () =>
        async function* () {
          yield* pass(plain);
        },
    ),
    sameAs: asArrays,
  },
  {what: 'what can be iterated over', run: run(() => iterable), sameAs: asArrays},
  inForm('{xs, ys}', plain),
  inForm('{x, y}', (x, y) => ({x, y})),
  inForm('[x, y]', (x, y) => [x, y]),
  inForm('[x, y, sampleWeight]', (x, y) => [x, y, tf.ones([size])]),
  {what: 'a generator, for one epoch', run: run(() => pass(plain), {epochs: 1}, batches(plain))},
  {
    what: 'a generator, for several epochs',
    run: run(() => pass(plain)),
    code: 'single-pass',
    advice: 'Pass the generator function itself',
  },
  {
    what: 'a generator as `validation`',
    run: () => trained({model: classifier()}, arrays(), {validation: pass(plain)}),
    code: 'single-pass',
    advice: 'Pass the generator function itself',
  },
  needless('batchSize: 4', {batchSize: 4}),
  needless('shuffle: true', {shuffle: true}),
  needless('dropLast: true', {dropLast: true}),
  {
    what: 'elements that are single examples',
    run: run(() =>
      batches((x, y) => ({xs: tf.squeeze(tf.slice(x, 0, 1), [0]), ys: tf.squeeze(tf.slice(y, 0, 1))})),
    ),
    code: 'data-shape',
    advice: 'A stream gives batches: of a tf.data.Dataset, dataset.batch(32) makes them.',
  },
  {
    what: 'a stream without elements',
    run: run(
      () =>
        function* () {
          // Gives nothing.
        },
    ),
    code: 'bad-stream',
    advice: 'It is empty, or does not start a new pass each time one begins',
  },
  {
    what: 'an element with a class that the model does not have',
    run: run(() => batches((x, y) => ({xs: x, ys: tf.add(y, 1)}))),
    code: 'data-range',
    advice: 'the model has classes 0 to 2',
  },
  {
    what: '`validation` of a stream',
    run: () => trained({model: classifier()}, arrays(), {validation: batches(plain)}),
  },
  {
    what: '`evaluate` on a stream',
    run: () => trained({model: classifier()}, arrays(), {}, batches(plain)),
  },
];
