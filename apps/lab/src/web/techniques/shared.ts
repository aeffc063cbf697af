import type {Options} from '../fields/field.ts';
import {choiceField, type Field, type NumberField, numberField, textField} from '../fields/field.ts';

/** What the page tells about a technique and asks for it. */
export interface TechniqueForm {
  readonly label: string;
  /** One sentence for a person. */
  readonly about: string;
  readonly fields: readonly Field[];
  /** What it starts with where it can't do without. */
  readonly start?: Options;
}

/** Which weights; empty is what the technique takes by itself. */
export const include = (empty = 'kernels and embeddings'): Field =>
  textField('words', 'include', 'Weights', {
    empty,
    help: 'Names or globs, such as hidden*/kernel.',
    lone: true,
    advanced: true,
  });

/** Which layers' values; empty is what the technique takes by itself. */
export const at = (empty: string): Field =>
  textField('words', 'at', 'Sites', {
    empty,
    help: 'Names or globs of layers, such as hidden*.',
    lone: true,
    advanced: true,
  });

/** A probability of dropping something. */
export const dropRate = (initial: number, help: string): NumberField =>
  numberField('rate', 'Rate', {min: 0, below: 1, step: 0.05, initial, help});

/** How often something happens at all. */
export const probability = (initial: number): NumberField =>
  numberField('probability', 'Probability', {min: 0, max: 1, step: 0.05, initial, advanced: true});

/** The strength of a penalty. */
export const strength = (help: string, key = 'strength', label = 'Strength'): NumberField =>
  numberField(key, label, {min: 0, step: 0.0001, initial: 1e-4, help});

/** Which of the model's inputs. */
export const inputs: Field = textField('words', 'inputs', 'Inputs', {
  empty: 'all',
  lone: true,
  advanced: true,
});

/** What becomes of targets that are pictures. */
export const targets: Field = choiceField('targets', 'Picture targets', ['refuse', 'transform', 'keep'], {
  initial: 'refuse',
  help: 'For an autoencoder: change its target as the input, or keep it.',
  advanced: true,
});

/** What all changes of pictures are asked. */
export const imageFields: readonly Field[] = [
  inputs,
  textField('numbers', 'imageShape', 'Shape of the picture', {
    empty: "the input's own",
    help: 'Height, width, channels behind an input that is a vector.',
    advanced: true,
  }),
  targets,
];

/** What stands in for pixels from outside the picture. */
export const fillFields: readonly Field[] = [
  choiceField('fillMode', 'Fill mode', ['constant', 'reflect', 'nearest', 'wrap'], {
    initial: 'constant',
    advanced: true,
  }),
  numberField('fillValue', 'Fill value', {initial: 0, step: 0.1, advanced: true}),
];

/** How values between pixels are read. */
export const interpolation = (empty: string): Field =>
  choiceField('interpolation', 'Interpolation', ['nearest', 'bilinear'], {empty, advanced: true});

/** How the members' outputs become one. */
export const combine: Field = choiceField('combine', 'Combine by', ['mean', 'logits', 'vote'], {
  initial: 'mean',
});
