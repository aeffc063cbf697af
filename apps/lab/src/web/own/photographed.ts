import type {PictureShape} from '../drawing/ink.ts';
import {squaring} from './decode-pictures.ts';

/** A picture from the camera as a network gets it that was trained on such pictures, each value in [0, 1]. */
export async function photographed(photo: Blob, [size, , channels]: PictureShape): Promise<Float32Array> {
  const picture = await createImageBitmap(photo);
  try {
    const pixels = squaring({size, channels: channels === 1 ? 'grey' : 'rgb'})(picture);
    return Float32Array.from(pixels, (value) => value / 255);
  } finally {
    picture.close();
  }
}
