import {deriveKey, hostNormal, hostUniform} from '@regularizers/random';
import {z} from 'zod';
import {dataSeed, exampleCount, parseOptions} from '../options.ts';
import type {ClassificationData, SplitName} from './data-set.ts';
import type {Point} from './draw.ts';
import {classSplits} from './splits.ts';

/** The shapes in the plane, and how many classes each has. */
export const shapes = {
  moons: {classes: 2, spread: 0.2, at: moon, description: 'Two half moons that hook into each other.'},
  spirals: {classes: 3, spread: 0.05, at: spiral, description: 'Three spiral arms around one centre.'},
  circles: {classes: 2, spread: 0.15, at: circle, description: 'A disc within a ring.'},
  blobs: {classes: 4, spread: 0.4, at: blob, description: 'Four round clouds that touch.'},
} as const;

/** Options of {@link toy}. */
export const toySchema = z.strictObject({
  name: z.enum(['moons', 'spirals', 'circles', 'blobs']).default('moons'),
  train: exampleCount.default(100),
  validation: exampleCount.default(200),
  test: exampleCount.default(1000),
  /** Standard deviation of the points around their shape; left out, what suits the shape. */
  spread: z.number().min(0).max(2).optional(),
  seed: dataSeed.default(0),
});

/** Options of {@link toy}, defaults left out. */
export type ToyOptions = z.input<typeof toySchema>;

/**
 * Points in the plane, about [-1.5, 1.5]²: small enough to draw what a network makes of them.
 *
 * @throws RegularizerError with code `bad-option`
 *
 * @example
 * ```ts
 * const {train} = toy({name: 'spirals', train: 150});
 * ```
 */
export function toy(options: ToyOptions = {}): ClassificationData {
  const parsed = parseOptions('toy', toySchema, options);
  const {name, seed} = parsed;
  const {classes, at, description, spread: usualSpread} = shapes[name];
  const spread = parsed.spread ?? usualSpread;
  const scatter = (part: SplitName, labels: Int32Array): Float32Array => {
    const draws = hostUniform(2 * labels.length, deriveKey(seed, name, part, 'place'));
    const noise = hostNormal(2 * labels.length, deriveKey(seed, name, part, 'noise'));
    const x = new Float32Array(2 * labels.length);
    labels.forEach((label, example) => {
      const [i, j] = [2 * example, 2 * example + 1];
      const [px, py] = at(label, draws[i]!, draws[j]!);
      x[i] = px + spread * noise[i]!;
      x[j] = py + spread * noise[j]!;
    });
    return x;
  };
  return {
    name,
    description,
    kind: 'classification',
    inputShape: [2],
    classes,
    classNames: Array.from({length: classes}, (_, label) => `class ${label + 1}`),
    ...classSplits(parsed, classes, scatter),
  };
}

function moon(label: number, u: number): Point {
  const angle = Math.PI * u;
  const [x, y] =
    label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  return [x - 0.5, y - 0.25];
}

function spiral(label: number, u: number): Point {
  const radius = 0.1 + 1.2 * Math.sqrt(u);
  const angle = 3.4 * radius + (2 * Math.PI * label) / 3;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

function circle(label: number, u: number, v: number): Point {
  const radius = label === 0 ? 0.6 * Math.sqrt(v) : 1.1;
  return [radius * Math.cos(2 * Math.PI * u), radius * Math.sin(2 * Math.PI * u)];
}

function blob(label: number): Point {
  const angle = (Math.PI / 2) * label + Math.PI / 4;
  return [0.9 * Math.cos(angle), 0.9 * Math.sin(angle)];
}
