import * as tf from '@tensorflow/tfjs-core';
import {zip} from '../lib/zip.ts';
import {type CheckedArrays, checkAlive, type DataShape} from './data.ts';
import {slicedRows} from './rows.ts';
import type {TensorBatch} from './tensor-batch.ts';

/** Data to evaluate on, as often as it is asked for. */
export interface EvaluationData {
  /** A pass over it, batch by batch. A batch is disposed of when the next one is asked for. */
  batches(): AsyncIterable<TensorBatch> | Iterable<TensorBatch>;
  /** Lets go of what it has looked at and not given. */
  close(): Promise<void>;
}

/** Examples in memory, in batches of so many. */
export function arraysToEvaluate(
  data: CheckedArrays,
  batchSize: number,
  {inputs: ports}: DataShape,
): EvaluationData {
  const {inputs, targets, sampleWeight, examples} = data;
  return {
    *batches() {
      for (let start = 0; start < examples; start += batchSize) {
        checkAlive('evaluate', [...inputs, ...targets, ...(sampleWeight ? [sampleWeight] : [])]);
        const size = Math.min(batchSize, examples - start);
        const batch = {
          inputs: zip(inputs, ports).map(([x, {dtype}]) => slicedRows(x, start, size, dtype)),
          targets: targets.map((y) => slicedRows(y, start, size, 'float32')),
          sampleWeight: sampleWeight && slicedRows(sampleWeight, start, size, 'float32'),
          examples: size,
        };
        try {
          yield batch;
        } finally {
          tf.dispose(batch);
        }
      }
    },
    close: async () => undefined,
  };
}
