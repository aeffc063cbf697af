// Looks as JSON: numbers by the thousand are bytes there, as base64.
import {z} from 'zod';
import type {Look} from './look.ts';

const count = z.int().min(0);
const portion = z.number().min(0).max(1);

/** Numbers of one type, as the base64 of their bytes. */
const numbers = <Numbers extends Uint8Array | Int32Array | Float32Array>(
  read: (bytes: ArrayBuffer) => Numbers,
  size: number,
) =>
  z.base64().transform((text, context) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    if (bytes.length % size === 0) return read(bytes.buffer);
    context.addIssue({code: 'custom', message: 'it is cut off'});
    return z.NEVER;
  });
const bytes = numbers((buffer) => new Uint8Array(buffer), 1);
const integers = numbers((buffer) => new Int32Array(buffer), 4);
const floats = numbers((buffer) => new Float32Array(buffer), 4);

const surface = z
  .object({
    side: count,
    reach: z.number().positive(),
    classes: bytes,
    confidence: bytes,
    points: floats,
    labels: integers,
    guesses: bytes,
  })
  .refine(
    ({side, classes, confidence, points, labels, guesses}) =>
      classes.length === side ** 2 &&
      confidence.length === side ** 2 &&
      points.length === 2 * labels.length &&
      guesses.length === labels.length,
    'its parts are not of one size',
  );
const curve = z
  .object({
    x: floats,
    mean: floats,
    low: floats,
    high: floats,
    members: count,
    pointsX: floats,
    pointsY: floats,
  })
  .refine(
    ({x, mean, low, high, pointsX, pointsY}) =>
      [mean, low, high].every(({length}) => length === x.length) && pointsX.length === pointsY.length,
    'its parts are not of one size',
  );
const mistake = z
  .object({
    height: count,
    width: count,
    channels: count,
    pixels: bytes,
    label: z.string(),
    guess: z.string(),
    confidence: portion,
  })
  .refine(
    ({height, width, channels, pixels}) => pixels.length === height * width * channels,
    'its pixels are not of its size',
  );
const judged = z
  .object({
    classNames: z.array(z.string()),
    confusion: z.array(z.array(count)),
    calibration: z.object({
      error: portion,
      bins: z.array(z.object({count, confidence: portion, accuracy: portion})),
    }),
    mistakes: z.array(mistake),
  })
  .refine(
    ({classNames: {length}, confusion}) =>
      confusion.length === length && confusion.every((row) => row.length === length),
    'its matrix is not of as many classes',
  );

const packedLook = z.object({
  surface: surface.exactOptional(),
  curve: curve.exactOptional(),
  judged: judged.exactOptional(),
});

/** Of a look what a report shows, as JSON. */
export type PackedLook = z.input<typeof packedLook>;

/** Whether a value is a look that was packed. */
export const isPacked = (value: unknown): value is PackedLook => packedLook.safeParse(value).success;

/** A look as JSON. */
export const packed = ({surface, curve, judged}: Look): PackedLook =>
  packedPart({
    ...(surface ? {surface} : {}),
    ...(curve ? {curve} : {}),
    ...(judged ? {judged} : {}),
  }) as PackedLook;

/** The look that was packed. */
export const unpacked = (look: PackedLook): Look => packedLook.parse(look);

function packedPart(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
  }
  if (Array.isArray(value)) return value.map(packedPart);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, packedPart(part)]));
}
