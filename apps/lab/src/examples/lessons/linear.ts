// What linear models come to, in closed form and in float64: what lessons expect.
import {EigenvalueDecomposition, Matrix, solve} from 'ml-matrix';
import type {DataSet} from '../../data/data-set.ts';
import type {Weights} from './training.ts';

/**
 * A least-squares problem, J(w) = (1/2n)‖Xw − y‖², by its moments: H = XᵀX/n and Xᵀy/n. Inputs and targets of the lab's
 * tables have a mean of 0 over the training examples, so that the bias goes its own way and is left out.
 */
export interface LeastSquares {
  /** Eigenvalues of H, the largest first. */
  readonly curvatures: readonly number[];
  /** The eigenvectors, in that order, each of length 1. */
  readonly directions: readonly (readonly number[])[];
  /** H's diagonal. */
  readonly diagonal: readonly number[];
  /** w*, of least squares. */
  readonly solution: readonly number[];
  /** The minimizer of J(w) + ½ Σ aᵢ wᵢ², of one strength for all or of one for each weight. */
  ridge(strength: number | readonly number[]): readonly number[];
}

/** The moments of a regression's training examples. */
export function leastSquares(data: DataSet): LeastSquares {
  const {x, y, size} = data.train;
  const inputs = x.length / size;
  const design = Matrix.from1DArray(size, inputs, Float64Array.from(x));
  const gram = design.transpose().mmul(design).div(size);
  const target = design
    .transpose()
    .mmul(Matrix.columnVector(Float64Array.from(y)))
    .div(size);
  const {realEigenvalues: values, eigenvectorMatrix: vectors} = new EigenvalueDecomposition(gram, {
    assumeSymmetric: true,
  });
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]!);
  const ridge: LeastSquares['ridge'] = (strength) => {
    const strengths = typeof strength === 'number' ? new Array<number>(inputs).fill(strength) : strength;
    return solve(Matrix.add(gram, Matrix.diag([...strengths])), target).to1DArray();
  };
  return {
    curvatures: order.map((i) => values[i]!),
    directions: order.map((i) => vectors.getColumn(i)),
    diagonal: gram.diagonal(),
    solution: ridge(0),
    ridge,
  };
}

/** The share λ/(λ + a) that ridge leaves along a direction. */
export const ridgeShare = (curvature: number, strength: number): number => curvature / (curvature + strength);

/** q·w */
export const along = (direction: readonly number[], weights: ArrayLike<number>): number =>
  direction.reduce((sum, value, i) => sum + value * weights[i]!, 0);

/** The length of the difference of two lists of numbers, over the length of the second. */
export function relativeDistance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const pairs = Array.from(one, (value, i) => [value - other[i]!, other[i]!] as const);
  return Math.hypot(...pairs.map(([gap]) => gap)) / Math.hypot(...pairs.map(([, value]) => value));
}

/** The kernel of the linear model `{name: 'mlp', hidden: []}`. */
export const kernelOf = (weights: Weights): Float32Array => weights.get('output/kernel')!.values;
