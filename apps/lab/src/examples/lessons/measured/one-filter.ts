// What one filter costs to learn by least squares, from pictures and noisy answers of it at every place: in closed form
// and in float64, with one kernel for all places, with one for each place, and with a full matrix.
import {advance, deriveKey, hostNormal} from '@regularizers/random';
import {Matrix, solve} from 'ml-matrix';
import {picture} from '../convolution.ts';
import {mean, sum} from '../words.ts';

const {side} = picture;
const places = side ** 2;

/** How the filter's weights are free. */
export type Freedom = 'shared' | 'own' | 'full';

/** A data set by its moments: XᵀX and Xᵀε, row by row. Of the answers only their noise makes an error. */
interface Moments {
  readonly gram: Float64Array;
  readonly noise: Float64Array;
}

/** A number of the kernel, and the pixel that it meets. */
interface Tap {
  readonly tap: number;
  readonly ink: number;
}

/** What the filter sees from each place, with zeros around the picture left out. */
export function tapsOf(kernelSide: number): readonly (readonly Tap[])[] {
  const before = Math.floor((kernelSide - 1) / 2);
  const taps = Array.from({length: kernelSide ** 2}, (_, tap) => tap);
  return Array.from({length: places}, (_, place) =>
    taps.flatMap((tap) => {
      const row = Math.floor(place / side) + Math.floor(tap / kernelSide) - before;
      const column = (place % side) + (tap % kernelSide) - before;
      const isInside = row >= 0 && row < side && column >= 0 && column < side;
      return isInside ? [{tap, ink: row * side + column}] : [];
    }),
  );
}

/** By how much the error of a new picture exceeds that of the true filter at a noise of 1, in the mean over places. */
export function expectedExcess(freedom: Freedom, kernelSide: number, size: number): number {
  if (freedom === 'shared') return kernelSide ** 2 / (places * size);
  if (freedom === 'full') return places / (size - places - 1);
  return mean(tapsOf(kernelSide).map(({length}) => length / (size - length - 1)));
}

/** How many pictures kernels of their own need to be no worse than a shared one. */
export function asGoodAs(kernelSide: number, size: number): number {
  let many = kernelSide ** 2 + 2;
  while (expectedExcess('own', kernelSide, many) > expectedExcess('shared', kernelSide, size)) many++;
  return many;
}

/** The same as {@link expectedExcess}, in the mean over drawn data sets. */
export function meanExcess(
  freedom: Freedom,
  kernelSide: number,
  {size, sets, seed}: {readonly size: number; readonly sets: number; readonly seed: number},
): number {
  const taps = tapsOf(kernelSide);
  const excess = {shared: excessOfShared, own: excessOfOwn, full: excessOfFull}[freedom];
  return mean(Array.from({length: sets}, (_, set) => excess(draw(size, seed, set), taps)));
}

function draw(size: number, seed: number, set: number): Moments {
  const key = deriveKey(seed, 'lesson', 'filter', size, set);
  const x = hostNormal(size * places, key);
  const errors = hostNormal(size * places, advance(key, size * places));
  return {gram: products(x, x, size), noise: products(x, errors, size)};
}

/** XᵀY, for pictures row by row. */
function products(x: Float32Array, y: Float32Array, size: number): Float64Array {
  const all = new Float64Array(places * places);
  for (let one = 0; one < size * places; one += places) {
    for (let i = 0; i < places; i++) {
      const value = x[one + i]!;
      for (let j = 0; j < places; j++) all[i * places + j]! += value * y[one + j]!;
    }
  }
  return all;
}

type Taps = readonly (readonly Tap[])[];

/** One kernel on the sum of the equations of all places. */
function excessOfShared({gram, noise}: Moments, taps: Taps): number {
  const count = 1 + Math.max(...taps.flat().map(({tap}) => tap));
  const left = Matrix.zeros(count, count);
  const right = Matrix.zeros(count, 1);
  const uses = new Array<number>(count).fill(0);
  taps.forEach((seen, place) => {
    for (const {tap, ink} of seen) {
      uses[tap]! += 1;
      right.set(tap, 0, right.get(tap, 0) + noise[ink * places + place]!);
      for (const other of seen) {
        left.set(tap, other.tap, left.get(tap, other.tap) + gram[ink * places + other.ink]!);
      }
    }
  });
  const apart = solve(left, right).to1DArray();
  return sum(apart.map((value, tap) => uses[tap]! * value ** 2)) / places;
}

/** A kernel at each place, on the equations of that place. */
function excessOfOwn({gram, noise}: Moments, taps: Taps): number {
  return mean(
    taps.map((seen, place) => {
      const left = new Matrix(seen.map((one) => seen.map((other) => gram[one.ink * places + other.ink]!)));
      const right = Matrix.columnVector(seen.map(({ink}) => noise[ink * places + place]!));
      return solve(left, right).norm() ** 2;
    }),
  );
}

/** A weight from every pixel to every place. */
function excessOfFull({gram, noise}: Moments): number {
  const [left, right] = [gram, noise].map((one) => Matrix.from1DArray(places, places, one));
  return solve(left!, right!).norm() ** 2 / places;
}
