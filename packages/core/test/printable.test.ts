import {createTrainer, defineRegularizer, printable, RegularizerError, sgd} from '@regularizers/core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {expect, test} from 'vitest';

/** Nothing that a terminal obeys, and nothing that turns a line's direction. */
const plain = /^(?:[^\p{Cc}\u2028\u2029\p{Bidi_Control}]|[\n\t])*$/u;

const nasty = fc.oneof(
  fc.constantFrom(
    '\u001b[2J',
    '\u001b]0;title\u0007',
    '\r',
    '\u009b31m',
    '\u202e',
    '\b\b',
    '\u0000',
    '\u2028',
  ),
  fc.string({unit: 'binary'}),
  fc.constantFrom('naïve', '層', '👩‍🔬', 'a/b#2', '\n  '),
);
const text = fc.array(nasty, {maxLength: 6}).map((parts) => parts.join(''));

test('no text holds what a terminal obeys, once it is printable', () => {
  fc.assert(
    fc.property(text, (given) => {
      expect(printable(given)).toMatch(plain);
      expect(printable(printable(given))).toBe(printable(given));
      if (plain.test(given)) expect(printable(given)).toBe(given);
    }),
    {numRuns: 1000},
  );
});

test('a character that was taken out is named in its place', () => {
  expect(printable('a\u001b[2Jb\r\u009bc\nd')).toBe('a\\u001b[2Jb\\u000d\\u009bc\nd');
});

test('the texts of an error are printable, whatever it is about', () => {
  fc.assert(
    fc.property(text, text, text, text, (where, message, hint, option) => {
      const error = new RegularizerError({where, code: 'any', message, hint, option});
      for (const one of [error.message, error.where, error.problem, error.hint, error.option])
        expect(one).toMatch(plain);
    }),
  );
});

test('so is what a trainer says of itself', () => {
  const input = tfl.input({shape: [2]});
  const outputs = tfl.layers.dense({name: 'out', units: 1}).apply(input) as never;
  const model = tfl.model({inputs: input, outputs});
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: sgd({learningRate: 0.1}),
    regularizers: [
      defineRegularizer({name: 'mine\r\u001b]0;x\u0007', scalars: () => ({learningRateFactor: 1})}),
    ],
  });
  try {
    expect(trainer.explain()).toMatch(plain);
    expect(trainer.explain()).toContain('mine\\u000d\\u001b');
  } finally {
    trainer.dispose();
    model.dispose();
  }
});
