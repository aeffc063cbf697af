import {advance, deriveKey, hostNormal, hostUniform, type KeyPair} from '@regularizers/random';
import {z} from 'zod';
import {dataSeed, exampleCount, parseOptions} from '../options.ts';
import {alphabet, type Stroke, strokesOf} from './alphabet.ts';
import type {ClassificationData, SplitName} from './data-set.ts';
import {drawLine, flatten, type Point} from './draw.ts';
import {classSplits} from './splits.ts';

const name = z.literal('glyphs');

/** Options of {@link glyphs}. */
export const glyphsSchema = z.strictObject({
  name: name.default('glyphs'),
  /** Training examples: few enough, by default, that a plain network learns them by heart. */
  train: exampleCount.default(1000),
  validation: exampleCount.default(500),
  test: exampleCount.default(2000),
  /** The first so many letters of the alphabet. */
  classes: z.int().min(2).max(alphabet.length).default(12),
  /** How much the letters are bent, turned, smudged and scribbled over; 0 is clean print, 1 the default. */
  difficulty: z.number().min(0).max(2).default(1),
  seed: dataSeed.default(0),
});

/** Options of {@link glyphs}, defaults left out. */
export type GlyphsOptions = z.input<typeof glyphsSchema>;

const side = 28;

/**
 * Pictures of hand-drawn capital letters, 28 × 28, ink 1 on empty 0, drawn when asked for: nothing to download.
 *
 * Every letter is drawn with a pen of random width whose strokes wobble, then turned, slanted, stretched and moved;
 * some have a stray stroke across, and all have grain. Example i of a split depends on nothing but the seed, the
 * split and i, so more examples extend the same set.
 *
 * @throws RegularizerError with code `bad-option`
 *
 * @example
 * ```ts
 * const {train, test} = glyphs({train: 500, seed: 1});
 * ```
 */
export function glyphs(options: GlyphsOptions = {}): ClassificationData {
  const parsed = parseOptions('glyphs', glyphsSchema, options);
  const {classes, difficulty, seed} = parsed;
  const letters = alphabet.slice(0, classes);
  const strokes = letters.map(strokesOf);
  const draw = (part: SplitName, labels: Int32Array): Float32Array => {
    const key = deriveKey(seed, 'glyphs', part);
    const x = new Float32Array(labels.length * side * side);
    labels.forEach((label, example) => {
      const pixels = x.subarray(example * side * side, (example + 1) * side * side);
      drawGlyph(pixels, strokes[label]!, difficulty, advance(key, example));
    });
    return x;
  };
  return {
    name: 'glyphs',
    description: `Hand-drawn capital letters ${letters[0]} to ${letters.at(-1)}, 28 × 28 grey pixels.`,
    kind: 'classification',
    inputShape: [side, side, 1],
    classes,
    classNames: letters,
    ...classSplits(parsed, classes, draw),
  };
}

/** Draws one letter over empty pixels. */
function drawGlyph(pixels: Float32Array, strokes: readonly Stroke[], difficulty: number, key: KeyPair): void {
  const uniform = sequence(hostUniform(64, deriveKey(key[0], key[1], 'shape')));
  const normal = sequence(hostNormal(128, deriveKey(key[0], key[1], 'wobble')));
  const between = (low: number, high: number): number => {
    const middle = (low + high) / 2;
    return middle + (uniform() - 0.5) * (high - low) * Math.min(difficulty, 1.5);
  };
  const canvas = {width: side, height: side, pixels};
  const place = randomAffine(between);
  const wobble = 0.021 * difficulty;
  const thickness = between(1.4, 3.2);
  const ink = between(0.63, 0.97);
  for (const stroke of strokes) {
    const bent = stroke.map(([x, y]): Point => [x + wobble * normal(), y + wobble * normal()]);
    drawLine(canvas, flatten(bent).map(place), thickness, ink);
  }
  for (const likelihood of [0.6, 0.25]) {
    const points = [0, 1, 2].map((): Point => [uniform() * side, uniform() * side]);
    if (uniform() < likelihood * difficulty) {
      drawLine(canvas, flatten(shortened(points)), between(0.8, 2), between(0.35, 0.9));
    }
  }
  const grain = hostNormal(pixels.length, deriveKey(key[0], key[1], 'grain'));
  const amount = 0.1 * difficulty;
  pixels.forEach((value, at) => {
    pixels[at] = Math.min(1, Math.max(0, value + amount * grain[at]!));
  });
}

/** From letters with sides of 1 to pixels: stretched, slanted, turned and moved. */
function randomAffine(between: (low: number, high: number) => number): (point: Point) => Point {
  const angle = between(-0.21, 0.21);
  const slant = between(-0.26, 0.26);
  const [width, height] = [between(10.8, 19.2), between(13.6, 20.4)];
  const [right, down] = [side / 2 - 0.5 + between(-3.4, 3.4), side / 2 - 0.5 + between(-3, 3)];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return ([x, y]) => {
    const [across, along] = [width * (x + slant * y), height * y];
    return [right + cos * across - sin * along, down + sin * across + cos * along];
  };
}

/** Stray strokes are short: their ends are pulled towards the middle point. */
function shortened(points: readonly Point[]): Point[] {
  const [cx, cy] = points[1]!;
  return points.map(([x, y]): Point => [cx + (x - cx) * 0.4, cy + (y - cy) * 0.4]);
}

/** Hands out numbers that were drawn at once. */
function sequence(values: Float32Array): () => number {
  let next = 0;
  return () => values[next++]!;
}
