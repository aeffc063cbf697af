import type {EpochReport, Regularizer, Trainer} from '@regularizers/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

export function spirals(count: number, seed: number): {readonly x: Tensor; readonly y: Tensor};
export function makeTrainer(regularizers: readonly Regularizer[], seed?: number): Trainer<LayersModel>;
export function train(options: {
  readonly file: string;
  readonly epochs?: number;
  readonly signal?: AbortSignal;
  readonly onEpoch?: (report: EpochReport) => void;
}): Promise<{readonly accuracy: number; readonly from: number | undefined}>;
