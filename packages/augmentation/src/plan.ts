import type {PortInfo} from '@regularizers/core';
import type * as tf from '@tensorflow/tfjs-core';
import type {ImageSize} from './matrix.ts';
import type {TargetPlaces} from './options.ts';

/** Sides and channels of an image, `null` where the model leaves them open. */
export type OpenShape = readonly (number | null)[];

/** What a technique does to pixels: it moves them about, or it changes their values in place. */
export type Touch = 'places' | 'values';

/** One input, or one output whose target changes along with the inputs. */
export interface Place {
  /** Its name in the model. */
  readonly name: string;
  /** Position among the model's inputs or outputs. */
  readonly index: number;
  /** `[height, width, channels]`. */
  readonly shape: OpenShape;
  /** The tensor has another rank and is reshaped for the technique. */
  readonly flat: boolean;
  /** Pixel values, or labels of pixels, which must not be blended. */
  readonly content: 'pixels' | 'labels';
}

/** What a technique's `setup` worked out: which tensors of a batch it changes. */
export interface ImagePlan {
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  /** Outputs whose targets stay as they are although they follow their images. */
  readonly kept: readonly number[];
  /** Outputs whose targets say where something is in the image. */
  readonly points: readonly PointTarget[];
}

/** One output whose target says where something is in the image. */
export interface PointTarget {
  /** Position among the model's outputs. */
  readonly index: number;
  /** How many keypoints or boxes an example has. */
  readonly count: number;
  readonly places: TargetPlaces;
}

/** Sides of a batch's images, as those of the first chosen input are. */
export function imageSize(inputs: readonly tf.Tensor[], plan: ImagePlan): ImageSize {
  const place = plan.inputs[0]!;
  const shape = place.flat ? (place.shape as readonly number[]) : inputs[place.index]!.shape.slice(1);
  return {height: shape[0]!, width: shape[1]!};
}

/** Values per example, or NaN where a side is open. */
export function sizeOf([, ...shape]: OpenShape): number {
  return shape.reduce<number>((product, side) => product * (side ?? Number.NaN), 1);
}

/** An input or output by name and shape. */
export function describePort({name, shape}: PortInfo): string {
  return `${name} [${shape.map((side, axis) => side ?? (axis === 0 ? 'batch' : '?')).join(', ')}]`;
}
