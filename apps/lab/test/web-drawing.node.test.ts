// A drawing on the page: what is drawn, the picture that a network gets of it, and what the model answers.
import type {Checkpoint} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it, test} from 'vitest';
import {alphabet, strokesOf} from '../src/data/alphabet.ts';
import {makeData} from '../src/data/catalog.ts';
import type {DataSet} from '../src/data/data-set.ts';
import {drawLine, flatten, type Point} from '../src/data/draw.ts';
import {defaultRecipe} from '../src/defaults.ts';
import type {Recipe, RecipeInput} from '../src/recipe.ts';
import {runRecipe} from '../src/run.ts';
import {
  type Drawing,
  drawn,
  emptyDrawing,
  type Move,
  moveOf,
  type Stroke,
} from '../src/web/drawing/drawing.ts';
import {inked, inkStyleOf, type PictureShape} from '../src/web/drawing/ink.ts';
import {createAskable} from '../src/web/worker/ask.ts';

const load = (recipe: Recipe): Promise<DataSet> =>
  makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))});

/** The strokes of a letter in a part of the pad. */
const letter = (name: string, size: number, [x, y]: Point): readonly Stroke[] =>
  strokesOf(name).map((stroke) => flatten([...stroke]).map(([a, b]): Point => [x + size * a, y + size * b]));

describe('a drawing', () => {
  const after = (...moves: readonly Move[]): Drawing => moves.reduce(drawn, emptyDrawing);

  it('is the lines between putting the pen down and lifting it, within the pad', () => {
    const {strokes, isDown} = after(
      {does: 'to', at: [0.1, 0.1]},
      {does: 'down', at: [0.2, 0.3]},
      {does: 'to', at: [0.4, 1.7]},
      {does: 'lift'},
      {does: 'to', at: [0.9, 0.9]},
      {does: 'down', at: [-1, 0.5]},
    );
    expect(isDown).toBe(true);
    expect(strokes).toEqual([
      [
        [0.2, 0.3],
        [0.4, 1],
      ],
      [[0, 0.5]],
    ]);
  });

  it('loses its last line, or all, and goes on', () => {
    const two = after({does: 'down', at: [0, 0]}, {does: 'lift'}, {does: 'down', at: [1, 1]});
    expect(drawn(two, {does: 'undo'})).toMatchObject({strokes: [[[0, 0]]], isDown: false});
    expect(drawn(two, {does: 'clear'})).toEqual(emptyDrawing);
  });

  it('can be made with keys alone: a cross, and its last line taken back', () => {
    const press = (drawing: Drawing, key: string): Drawing => {
      const move = moveOf(key, drawing, key.startsWith('Arrow'));
      return move ? drawn(drawing, move) : drawing;
    };
    const keys = [
      ' ',
      'ArrowRight',
      'ArrowRight',
      ' ',
      'ArrowLeft',
      'ArrowUp',
      'Enter',
      'ArrowDown',
      'ArrowDown',
    ];
    const cross = keys.reduce(press, emptyDrawing);
    expect(cross.strokes.map((stroke) => stroke.length)).toEqual([3, 3]);
    expect(cross.strokes[1]!.at(-1)).toEqual([0.625, 0.625]);
    expect(press(cross, 'Backspace').strokes).toHaveLength(1);
    expect(press(cross, 'Delete')).toEqual(emptyDrawing);
    expect(moveOf('Tab', cross, false)).toBeUndefined();
  });
});

describe('how pictures are drawn', () => {
  const shape: PictureShape = [28, 28, 1];

  /** Slanted squares, 20 pixels from the leftmost to the rightmost, with their middles near a place. */
  const boxes = (thickness: number, [background, ink]: readonly [number, number]): Float32Array => {
    const x = new Float32Array(8 * 28 * 28);
    for (let at = 0; at < 8; at++) {
      const pixels = new Float32Array(28 * 28);
      const angle = 0.35 + at / 40;
      const [across, down] = [13.5 + 0.3 * (at % 2), 13.5 + 0.4 * (at % 3)];
      const reach = (20 - thickness) / 2 / Math.cos(angle);
      const corners = [0, 1, 2, 3, 4].map(
        (turn): Point => [
          across + reach * Math.cos(angle + (turn * Math.PI) / 2),
          down + reach * Math.sin(angle + (turn * Math.PI) / 2),
        ],
      );
      drawLine({width: 28, height: 28, pixels}, corners, thickness, 1);
      x.set(
        pixels.map((value) => background + (ink - background) * value),
        at * 28 * 28,
      );
    }
    return x;
  };

  it.each([
    [2, 0, 1],
    [3, 0.1, 0.8],
    [2, 1, 0.2],
  ])('is measured: lines of %d pixels, of %d on %d', (thickness, background, ink) => {
    const style = inkStyleOf(boxes(thickness, [background, ink]), shape);
    expect(style.background).toBeCloseTo(background, 5);
    expect(Math.abs(style.ink - ink)).toBeLessThan(0.1 * Math.abs(ink - background));
    expect(Math.abs(style.size - 20)).toBeLessThanOrEqual(1);
    expect(Math.abs(style.thickness - thickness)).toBeLessThan(0.2 * thickness);
    expect(Math.abs(style.centre[0] - 14)).toBeLessThan(1);
  });

  it('is what drawings become, however small and wherever they are drawn', () => {
    const style = inkStyleOf(boxes(2, [0, 1]), shape);
    const pictures = [
      inked(letter('H', 0.9, [0.5, 0.5]), style, shape),
      inked(letter('H', 0.2, [0.85, 0.15]), style, shape),
    ];
    const [large, small] = pictures as [Float32Array, Float32Array];
    large.forEach((value, at) => {
      expect(Math.abs(value - small[at]!)).toBeLessThan(1e-4);
    });
    expect(inkStyleOf(large, shape).size).toBeCloseTo(style.size, -0.5);
    const [x, y] = inkStyleOf(large, shape).centre;
    expect(Math.hypot(x - style.centre[0], y - style.centre[1])).toBeLessThan(1);
  });

  it('is in all channels, and a dot is no letter', () => {
    const style = inkStyleOf(boxes(2, [0, 1]), shape);
    const coloured = inked([[[0.5, 0.5]]], style, [28, 28, 3]);
    expect(coloured).toHaveLength(28 * 28 * 3);
    const lit = [...coloured].filter((value) => value > 0.5);
    expect(lit.length).toBeGreaterThan(0);
    expect(lit.length / 3).toBeLessThan(20);
    expect(inked([], style, shape).every((value) => value === style.background)).toBe(true);
  });
});

interface TrainedModel {
  readonly recipe: Recipe;
  readonly data: DataSet;
  readonly checkpoint: Checkpoint;
  /** What it takes the first test picture for. */
  readonly first: readonly number[];
}

async function trained(given: Partial<RecipeInput>): Promise<TrainedModel> {
  const recipe = defaultRecipe(given);
  const data = await load(recipe);
  const ends: Omit<TrainedModel, 'recipe' | 'data'>[] = [];
  await runRecipe(recipe, {
    data,
    onTrainer: async (trainer, at) => {
      if (at !== 'end') return;
      const first = tf.tidy(() => {
        const output = trainer.predict(tf.tensor(data.test.x.slice(0, 784), [1, 28, 28, 1]));
        return [...(output as tf.Tensor).dataSync()];
      });
      ends.push({checkpoint: await trainer.save(), first});
    },
  });
  return {recipe, data, ...ends[0]!};
}

test('models that were trained elsewhere answer as they did there: of an ensemble, all together', async () => {
  const {recipe, data, checkpoint, first} = await trained({
    data: {name: 'glyphs', train: 60, validation: 20, test: 20},
    model: {name: 'mlp', hidden: [16]},
    epochs: 2,
    regularizers: [
      {name: 'bagging', members: 2},
      {name: 'dropout', rate: 0.2},
    ],
  });
  const askable = createAskable(Promise.resolve([]));
  askable.know('one', {recipe, checkpoint}, Promise.resolve(data));
  const picture = data.test.x.slice(0, 784);
  const answer = await askable.answer('one', picture);
  first.forEach((value, at) => {
    expect(answer![at]).toBeCloseTo(value, 5);
  });
  expect(await askable.answer('another', picture)).toBeUndefined();
});

test('letters that are drawn on the pad are read, small ones in a corner too', async () => {
  const {recipe, data, checkpoint} = await trained({
    data: {name: 'glyphs', train: 1000, validation: 100, test: 100, classes: 8},
    model: {name: 'mlp', hidden: [64]},
    epochs: 12,
  });
  const askable = createAskable(Promise.resolve([]));
  askable.know('run', {recipe, checkpoint}, Promise.resolve(data));
  const shape: PictureShape = [28, 28, 1];
  const style = inkStyleOf(data.train.x, shape);
  let right = 0;
  for (const [label, name] of alphabet.slice(0, 8).entries()) {
    for (const strokes of [letter(name, 0.8, [0.5, 0.5]), letter(name, 0.25, [0.2, 0.8])]) {
      const answer = await askable.answer('run', inked(strokes, style, shape));
      if (answer!.indexOf(Math.max(...answer!)) === label) right++;
    }
  }
  // Chance is 2 of 16.
  expect(right).toBeGreaterThanOrEqual(14);
});
