import type {Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

export function dataOf(part: 'train' | 'test'): {readonly x: Tensor; readonly y: Tensor};
export function buildModel(): LayersModel;
/** The share of new sentences whose language each way tells. */
export function compare(options?: {
  readonly seeds?: readonly number[];
  readonly epochs?: number;
}): Promise<Readonly<Record<string, number>>>;
