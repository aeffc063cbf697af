import {isWebGL} from '@regularizers/random/webgl';
import * as tf from '@tensorflow/tfjs-core';
import type {PortInfo} from '../info.ts';
import {RegularizerError} from '../lib/errors.ts';
import {showShape} from '../lib/shapes.ts';
import {zip} from '../lib/zip.ts';
import type {CheckedArrays, DataShape} from './data.ts';
import {isOnHost, type Rows} from './rows.ts';

/** How data is cut into batches. */
export interface Cut {
  /** Examples in a batch. */
  readonly batchSize: number;
  /** The option that says so; undefined where a stream does. */
  readonly option: 'batchSize' | 'evaluationBatchSize' | undefined;
}

/**
 * Refuses data that WebGL cannot hold, where a tensor is one texture whose sides have a largest length: a tensor of all
 * examples, or a batch of any. To be called before anything is computed; on other backends everything fits that is in
 * memory.
 *
 * @throws RegularizerError with code `too-large`
 */
export function checkTextureSize(where: string, data: CheckedArrays, shape: DataShape, cut: Cut): void {
  const most = largestTexture();
  if (most === undefined) return;
  const {inputs, targets, sampleWeight, examples} = data;
  const batch = Math.min(cut.batchSize, examples);
  const parts: readonly (readonly [what: string, rows: Rows, port: PortInfo | undefined])[] = [
    ...zip(inputs, shape.inputs).map(([rows, port]) => [`the input ${port.name}`, rows, port] as const),
    ...zip(targets, shape.outputs).map(([rows, port]) => [`the target of ${port.name}`, rows, port] as const),
    ...(sampleWeight ? [['sampleWeight', sampleWeight, undefined] as const] : []),
  ];
  for (const [what, rows, port] of parts) {
    const numbers = tf.util.sizeFromShape([...rows.shape]);
    if (!isOnHost(rows) && numbers > most) refuseTensor(where, what, rows, most);
    const perExample = Math.max(numbers / Math.max(1, examples), knownSize(port));
    if (batch * perExample > most) refuseBatch(where, {what, batch, perExample, most}, cut.option);
  }
}

/**
 * Refuses more examples than can be predicted at once: predictions of all are one tensor.
 *
 * @param sets how many predictions of each example there are
 * @throws RegularizerError with code `too-large`
 */
export function checkPredictionSize(
  where: string,
  examples: number,
  {outputs}: DataShape,
  sets: number = 1,
): void {
  const most = largestTexture();
  if (most === undefined) return;
  for (const port of outputs) {
    const perExample = sets * knownSize(port);
    if (examples * perExample <= most) continue;
    throw new RegularizerError({
      where,
      code: 'too-large',
      message: `predictions of ${examples} examples have ${examples * perExample} numbers in ${port.name}, and the largest texture of this graphics card holds ${most}`,
      hint: `Call it for parts of the examples, at most ${Math.floor(most / perExample)} at once. ${elsewhere}`,
      received: examples,
      allowed: {type: 'integer', maximum: Math.floor(most / perExample)},
    });
  }
}

/** Numbers that a tensor can have; undefined where there is no limit but memory. */
function largestTexture(): number | undefined {
  if (!isWebGL(tf.backend())) return undefined;
  return tf.env().getNumber('WEBGL_MAX_TEXTURE_SIZE') ** 2;
}

/** Numbers of one example, as far as the model says: class numbers become as many as there are classes. */
function knownSize(port: PortInfo | undefined): number {
  return (port?.shape ?? []).slice(1).reduce<number>((size, side) => size * (side ?? 1), 1);
}

const elsewhere = 'Another backend has no such limit: tf.setBackend.';

function refuseTensor(where: string, what: string, {shape}: Rows, most: number): never {
  const numbers = tf.util.sizeFromShape([...shape]);
  throw new RegularizerError({
    where,
    code: 'too-large',
    message: `${what} is a tensor ${showShape(shape)} of ${numbers} numbers, and the largest texture of this graphics card holds ${most}`,
    hint: `Pass {values, shape} with a typed array, which stays in memory and is cut into batches there; or a stream. ${elsewhere}`,
    received: numbers,
    allowed: {type: 'integer', maximum: most},
  });
}

function refuseBatch(
  where: string,
  {what, batch, perExample, most}: Readonly<Record<'batch' | 'perExample' | 'most', number> & {what: string}>,
  option: Cut['option'],
): never {
  const fitting = Math.floor(most / perExample);
  const smaller = option ? `${option}: ${fitting}` : 'let the stream give smaller batches';
  throw new RegularizerError({
    where,
    code: 'too-large',
    message: `a batch of ${batch} examples has ${batch * perExample} numbers in ${what}, and the largest texture of this graphics card holds ${most}`,
    hint:
      fitting > 0
        ? `Take at most ${fitting} examples at once: ${smaller}. ${elsewhere}`
        : `Not even one example fits. ${elsewhere}`,
    ...(option ? {option} : {}),
    received: batch,
    allowed: {type: 'integer', maximum: fitting},
  });
}
