// Squares, discs and crosses, drawn on a canvas: a few to learn from, others elsewhere in the picture to tell.
import * as tf from '@tensorflow/tfjs-core';

/** The side of a picture, in pixels. */
export const side = 20;
export const names = ['square', 'disc', 'cross'] as const;

/** Numbers in [0, 1) that are the same in every run. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function draw(
  context: OffscreenCanvasRenderingContext2D,
  name: (typeof names)[number],
  next: () => number,
): void {
  const radius = 3 + 2 * next();
  const [x, y] = [radius + (side - 2 * radius) * next(), radius + (side - 2 * radius) * next()];
  context.fillStyle = '#000';
  context.fillRect(0, 0, side, side);
  context.fillStyle = '#fff';
  context.beginPath();
  if (name === 'disc') context.arc(x, y, radius, 0, 2 * Math.PI);
  if (name === 'square') context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  if (name === 'cross') {
    context.rect(x - radius, y - 1.5, 2 * radius, 3);
    context.rect(x - 1.5, y - radius, 3, 2 * radius);
  }
  context.fill();
}

/** Pictures `[count, 20, 20, 1]` in [0, 1] and their class numbers. */
export function shapes(count: number, seed: number): {x: tf.Tensor4D; y: tf.Tensor1D} {
  const context = new OffscreenCanvas(side, side).getContext('2d', {willReadFrequently: true})!;
  const next = uniform(seed);
  const bytes = new Uint8Array(count * side * side);
  const labels = Array.from({length: count}, (_, i) => i % names.length);
  for (const [i, label] of labels.entries()) {
    draw(context, names[label]!, next);
    const {data} = context.getImageData(0, 0, side, side);
    for (let pixel = 0; pixel < side * side; pixel++) bytes[i * side * side + pixel] = data[4 * pixel]!;
  }
  return {x: tf.tidy(() => tf.div(tf.tensor4d(bytes, [count, side, side, 1]), 255)), y: tf.tensor1d(labels)};
}
