import {type Batch, computed, type PortInfo, RegularizerError} from '@regularizers/core';
import * as tf from '@tensorflow/tfjs-core';
import type {ImageSize} from './matrix.ts';
import type {Keys, Motion} from './motion.ts';
import type {BoxFormat, TargetPlaces} from './options.ts';
import {describePort, type ImagePlan, imageSize, type PointTarget, sizeOf} from './plan.ts';

/** What is off by less, in pixels, is a rounding. */
const rounding = 1e-3;

/**
 * Keypoints where the images' changes take them: the inverse of each matrix, applied to the points of its image.
 *
 * @param points x and y in pixels, the first pixel's centre at 0, `[batch, count, 2]`
 * @param matrices from output to input places, `[batch, 3, 3]`
 * @returns `[batch, count, 2]`, which may lie outside the image
 *
 * @example
 * ```ts
 * const mirror = flipMatrix({horizontal: tf.ones([1])}, {height: 32, width: 32});
 * const moved = movedKeypoints(tf.tensor3d([[[5, 8]]]), mirror); // [width − 1 − 5, 8]
 * ```
 */
export function movedKeypoints(points: tf.Tensor3D, matrices: tf.Tensor3D): tf.Tensor3D {
  return computed('movedKeypoints', {points, matrices}, () => {
    const [a, b, right, c, d, down] = entriesOf(matrices);
    const [x, y] = tf.split(points, 2, 2) as [tf.Tensor3D, tf.Tensor3D];
    const [u, v] = [tf.sub(x, right), tf.sub(y, down)];
    const determinant = determinantOf(matrices);
    return tf.concat(
      [
        tf.div(tf.sub(tf.mul(d, u), tf.mul(b, v)), determinant),
        tf.div(tf.sub(tf.mul(a, v), tf.mul(c, u)), determinant),
      ],
      2,
    ) as tf.Tensor3D;
  });
}

/**
 * Boxes where the images' changes take them: each becomes the smallest one around its four corners.
 *
 * @param boxes left, top, right and bottom in pixels, the first pixel's corner at 0, `[batch, count, 4]`
 * @param matrices from output to input places, `[batch, 3, 3]`
 * @returns `[batch, count, 4]`, which may reach outside the image
 *
 * @example
 * ```ts
 * const moved = movedBoxes(tf.tensor3d([[[2, 3, 8, 9]]]), shiftMatrix(tf.tensor2d([[1, 4]]))); // [6, 4, 12, 10]
 * ```
 */
export function movedBoxes(boxes: tf.Tensor3D, matrices: tf.Tensor3D): tf.Tensor3D {
  return computed('movedBoxes', {boxes, matrices}, () => {
    const [batch, count] = boxes.shape;
    // Matrices count from pixels' centres.
    const corners = tf.gather(tf.sub(boxes, 0.5), tf.tensor1d([0, 1, 2, 1, 2, 3, 0, 3], 'int32'), 2);
    const moved = movedKeypoints(tf.reshape(corners, [batch, 4 * count, 2]), matrices);
    const each = tf.add(tf.reshape(moved, [batch, count, 4, 2]), 0.5);
    return tf.concat([tf.min(each, 2), tf.max(each, 2)], 2) as tf.Tensor3D;
  });
}

/** The first two rows of each matrix, `[batch, 1, 1]` each. */
function entriesOf(
  matrices: tf.Tensor3D,
): readonly [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] {
  const entries = tf.split(tf.reshape(matrices, [-1, 9, 1]), 9, 1);
  return entries.slice(0, 6) as never;
}

/** Below 0 where the image is mirrored, `[batch, 1, 1]`. */
function determinantOf(matrices: tf.Tensor3D): tf.Tensor {
  const [a, b, , c, d] = entriesOf(matrices);
  return tf.sub(tf.mul(a, d), tf.mul(b, c));
}

/** A batch with the keypoints and boxes among its targets moved as its images are. */
export function movePoints(batch: Batch, plan: ImagePlan, motion: Motion, keys: Keys): Batch {
  if (plan.points.length === 0) return batch;
  const size = imageSize(batch.inputs, plan);
  // The same keys: the same matrices as the images are moved by.
  const matrices = motion.matrices(batch.size, size, keys);
  return {
    ...batch,
    targets: batch.targets.map((entries, index) => {
      const point = plan.points.find((one) => one.index === index);
      if (!point) return entries;
      return entries.map(({target, weight}) => ({
        target: movedTarget(target, point, matrices, size),
        weight,
      }));
    }),
  };
}

function movedTarget(
  target: tf.Tensor,
  {count, places}: PointTarget,
  matrices: tf.Tensor3D,
  size: ImageSize,
): tf.Tensor {
  const numbers = target.size / (target.shape[0]! * count);
  const rows: tf.Tensor3D = tf.reshape(target, [-1, count, numbers]);
  const coordinates = places.flag ? numbers - 1 : numbers;
  const given = tf.slice(rows, [0, 0, 0], [-1, -1, coordinates]);
  const {moved, isSeen} =
    places.kind === 'boxes'
      ? movedAsBoxes(given, places, matrices, size)
      : movedAsKeypoints(given, places, matrices, size);
  const flagged = places.flag
    ? tf.concat([moved, tf.mul(tf.slice(rows, [0, 0, coordinates], [-1, -1, 1]), isSeen)], 2)
    : moved;
  return tf.reshape(mirrored(flagged, places, matrices), target.shape);
}

/** What was moved, clipped to the image, and whether it is still in it, 1 or 0, `[batch, count, 1]`. */
interface Moved {
  readonly moved: tf.Tensor;
  readonly isSeen: tf.Tensor;
}

function movedAsKeypoints(
  given: tf.Tensor3D,
  {format, unit}: TargetPlaces,
  matrices: tf.Tensor3D,
  {height, width}: ImageSize,
): Moved {
  const inOrder = (points: tf.Tensor3D): tf.Tensor3D => (format === 'yx' ? tf.reverse(points, 2) : points);
  const sides = tf.tensor1d([width, height]);
  const isFraction = unit === 'fractions';
  const points = isFraction ? tf.sub(tf.mul(inOrder(given), sides), 0.5) : inOrder(given);
  const all = movedKeypoints(points as tf.Tensor3D, matrices);
  const [low, high] = isFraction ? [-0.5, tf.sub(sides, 0.5)] : [0, tf.sub(sides, 1)];
  const clipped = tf.minimum(tf.maximum(all, low), high);
  const isSeen = tf.min(tf.cast(tf.lessEqual(tf.abs(tf.sub(all, clipped)), rounding), 'float32'), 2, true);
  const moved = isFraction ? tf.div(tf.add(clipped, 0.5), sides) : clipped;
  return {moved: inOrder(moved as tf.Tensor3D), isSeen};
}

function movedAsBoxes(
  given: tf.Tensor3D,
  {format = 'xyxy', unit}: TargetPlaces,
  matrices: tf.Tensor3D,
  {height, width}: ImageSize,
): Moved {
  const sides = tf.tensor1d([width, height, width, height]);
  const corners = asCorners(given, format as BoxFormat);
  const boxes = unit === 'fractions' ? tf.mul(corners, sides) : corners;
  const clipped = tf.minimum(tf.maximum(movedBoxes(boxes as tf.Tensor3D, matrices), 0), sides);
  const [start, end] = tf.split(clipped, 2, 2) as [tf.Tensor3D, tf.Tensor3D];
  const isSeen = tf.min(tf.cast(tf.greater(tf.sub(end, start), rounding), 'float32'), 2, true);
  const moved = unit === 'fractions' ? tf.div(clipped, sides) : clipped;
  return {moved: fromCorners(moved as tf.Tensor3D, format as BoxFormat), isSeen};
}

/** Left, top, right and bottom. */
function asCorners(boxes: tf.Tensor3D, format: BoxFormat): tf.Tensor {
  if (format === 'xyxy') return boxes;
  if (format === 'yxyx') return swapped(boxes);
  const [at, extent] = tf.split(boxes, 2, 2) as [tf.Tensor3D, tf.Tensor3D];
  const start = format === 'xywh' ? at : tf.sub(at, tf.div(extent, 2));
  return tf.concat([start, tf.add(start, extent)], 2);
}

function fromCorners(boxes: tf.Tensor3D, format: BoxFormat): tf.Tensor {
  if (format === 'xyxy') return boxes;
  if (format === 'yxyx') return swapped(boxes);
  const [start, end] = tf.split(boxes, 2, 2) as [tf.Tensor3D, tf.Tensor3D];
  return tf.concat([format === 'xywh' ? start : tf.div(tf.add(start, end), 2), tf.sub(end, start)], 2);
}

function swapped(boxes: tf.Tensor3D): tf.Tensor {
  return tf.gather(boxes, tf.tensor1d([1, 0, 3, 2], 'int32'), 2);
}

/** In a mirror image, what was the left eye is the right one. */
function mirrored(rows: tf.Tensor, {mirror}: TargetPlaces, matrices: tf.Tensor3D): tf.Tensor {
  if (!mirror) return rows;
  const others = tf.gather(rows, tf.tensor1d([...mirror], 'int32'), 1);
  return tf.where(tf.less(determinantOf(matrices), 0), others, rows);
}

/**
 * What `targets` says of one output, held against the output and against how pixels are moved.
 *
 * @throws RegularizerError with code `bad-places`
 */
export function pointTarget(
  where: string,
  places: TargetPlaces,
  {port, index}: {readonly port: PortInfo; readonly index: number},
  motions: readonly Motion[] | undefined,
): PointTarget {
  const {kind, format, flag = false, mirror} = places;
  const refuse = (message: string, hint?: string): never => {
    throw badPlaces(where, message, hint);
  };
  if (!motions)
    refuse(`${kind} of a picture that is pasted over have no meaning`, 'Leave this technique out.');
  const formats = kind === 'keypoints' ? ['xy', 'yx'] : ['xyxy', 'yxyx', 'xywh', 'cxcywh'];
  if (format !== undefined && !formats.includes(format)) {
    refuse(`${kind} are not written as ${format}`, `Their formats are: ${formats.join(', ')}.`);
  }
  const numbers = (kind === 'keypoints' ? 2 : 4) + (flag ? 1 : 0);
  const [, ...shape] = port.shape;
  const count = sizeOf(port.shape) / numbers;
  const isOfThem = shape.length === 1 || (shape.length === 2 && shape[1] === numbers);
  if (!isOfThem || !Number.isInteger(count)) {
    refuse(
      `the targets of output ${describePort(port)} cannot be ${kind} of ${numbers} numbers each`,
      `They are [batch, count, ${numbers}] or [batch, count · ${numbers}]${flag ? '' : '; with flag: true one more number says whether each is seen'}.`,
    );
  }
  const isMutual = mirror?.every((other, at) => mirror[other] === at) ?? true;
  if (mirror && (kind !== 'keypoints' || mirror.length !== count || !isMutual)) {
    refuse(
      kind === 'keypoints'
        ? `mirror must pair ${count} keypoints with one another; it is [${mirror.join(', ')}]`
        : 'boxes have no mirror',
      'For a nose, a left and a right eye it is [0, 2, 1]: each number stands where its counterpart is.',
    );
  }
  if (kind === 'keypoints' && !mirror && count > 1 && motions?.some(({mirrors}) => mirrors)) {
    refuse(
      `in a mirror image ${count} keypoints may change their names, as left and right eyes do`,
      `Say which become which: mirror: [${Array.from({length: count}, (_, at) => at).join(', ')}] if none does.`,
    );
  }
  if (motions?.some(({fill}) => fill?.fillMode === 'wrap')) {
    refuse(
      `${kind} have several places in an image that wraps round`,
      "Take another fillMode, such as 'constant'.",
    );
  }
  return {index, count, places};
}

/** Says that `targets` does not fit. */
export function badPlaces(where: string, message: string, hint?: string): RegularizerError {
  return new RegularizerError({
    where,
    code: 'bad-places',
    message,
    ...(hint ? {hint} : {}),
    option: 'targets',
  });
}
