import {
  checkOption,
  defineRegularizer,
  defineTechnique,
  type Named,
  type Option,
  option,
  type Regularizer,
  RegularizerError,
  readTechnique,
  type Technique,
} from '@regularizers/core';
import {
  changedBatch,
  type ImageRegularizer,
  type ImageTechnique,
  motionsOf,
  pixelHooks,
  placeInOrder,
  rangesOf,
  touchOf,
} from './image-plugin.ts';
import {planImages} from './images.ts';
import {mergeNeighbours} from './merge.ts';
import {type ImageOptions, imageOptions} from './options.ts';
import {type PixelState, pixelState} from './pixel-range.ts';
import type {ImagePlan, Touch} from './plan.ts';

/** Options of {@link pipeline}: for all its techniques, which have none of these of their own. */
export interface PipelineOptions extends ImageOptions {}

const techniquesOption: Option<readonly ImageRegularizer[]> & {readonly required: true} = option.list<
  readonly ImageRegularizer[]
>(option.plugin<ImageRegularizer>({about: 'One technique.'}))({
  about: 'What is done to the images, in this order.',
  required: true,
});

/** What {@link pipeline}'s `setup` worked out, for techniques that move pixels and for those that change their values. */
export type PipelinePlan = Readonly<Partial<Record<Touch, ImagePlan>>>;

/**
 * Several techniques in the order of the list, as one plugin that touches the images as seldom as it can:
 *
 * - neighbours that are geometric (flips, shifts, crops, affine changes) become one matrix T₁·T₂·…·Tₙ per image, and
 *   one resample for the batch: exact if all of them are, and blurred once if not. What one would move out of the
 *   image and the next back in is not lost on the way;
 * - neighbours that are linear in the colours (brightness, contrast, saturation, hue, grayscale, inversion) become one
 *   map x ← A·x + b per image, clipped once, at the end: where the list would clip in between, the results differ.
 *
 * Neighbours with different interpolations, fills or pixel ranges are not merged; nor are geometric techniques with
 * a colour or an erased rectangle between them, so put like beside like. Each technique draws under its own name within
 * the pipeline's: leaving one out, or another order, changes no other's numbers. They are not the numbers that the
 * technique would draw as a plugin of its own.
 *
 * A pipeline that erases and does more than that comes where the list of plugins has it, among other augmentation.
 *
 * @param techniques the techniques, with names that differ, and without `inputs`, `imageShape` and `targets`
 * @param options which inputs are images, and what becomes of targets that are images
 * @throws RegularizerError with code `nothing-to-do`, `not-a-technique`, `duplicate-name` or `misplaced-option`, or if
 *   an option is out of range or unknown
 *
 * @example
 * ```ts
 * pipeline([randomFlip(), randomShift({pixels: 2}), randomAffine(), randomBrightness(), randomContrast(), randomErasing()]);
 * pipeline([randomShift({pixels: 2}), randomAffine()], {imageShape: [28, 28, 1]}); // for MNIST as vectors
 * ```
 *
 * @see Simard, Steinkraus and Platt 2003, section 2, https://doi.org/10.1109/ICDAR.2003.1227801
 */
export function pipeline<const Name extends string = 'pipeline'>(
  techniques: readonly ImageRegularizer[],
  options: PipelineOptions & Named<Name> = {},
): Regularizer<Name, PipelinePlan, PixelState> {
  const {name, ...given} = readTechnique('pipeline', options, imageOptions);
  checkOption(name, 'techniques', techniques, techniquesOption);
  const listed = checkTechniques(name, techniques);
  const active = listed.filter(({idle}) => !idle);
  const steps = mergeNeighbours(name, active);
  const ranges = rangesOf(steps);
  const {adapt, explain} = pixelHooks(name, ranges, ({values}: PipelinePlan) => values!);
  return defineRegularizer<Name, PipelinePlan, PixelState>({
    name,
    settings: {
      ...given.settings,
      techniques: listed.map(({name: technique, settings}) => ({name: technique, ...settings})),
    },
    ...placeInOrder(listed),
    setup: (context) => {
      if (steps.length === 0) return {idle: true};
      const motions = motionsOf(steps);
      const plan: PipelinePlan = Object.fromEntries(
        Array.from(new Set(steps.map(touchOf)), (touch) => [
          touch,
          planImages(context, {where: name, touch, options, motions}),
        ]),
      );
      for (const technique of steps) {
        for (const {shape} of plan[touchOf(technique)]!.inputs) technique.check?.(shape);
      }
      return {plan, ...(plan.values && pixelState(plan.values, ranges))};
    },
    ...(adapt && {adapt}),
    batch: (batch, {plan, state, key}) =>
      steps.reduce(
        (changed, technique) =>
          changedBatch(technique, changed, {plan: plan[touchOf(technique)]!, state, keys: key}),
        batch,
      ),
    ...(explain && {explain}),
  });
}

function checkTechniques(where: string, plugins: readonly ImageRegularizer[]): readonly ImageTechnique[] {
  if (plugins.length === 0) {
    throw new RegularizerError({
      where,
      code: 'nothing-to-do',
      message: 'the list of techniques is empty',
      hint: 'Such as pipeline([randomFlip(), randomAffine()]).',
      option: 'techniques',
    });
  }
  return plugins.map(({name, technique}, index) => {
    if (technique === undefined) {
      throw new RegularizerError({
        where,
        code: 'not-a-technique',
        message: `${name} is no technique that changes images by themselves`,
        hint: 'List it beside the pipeline, in regularizers.',
        option: `techniques[${index}]`,
      });
    }
    if (plugins.findIndex((one) => one.name === name) < index) {
      throw new RegularizerError({
        where,
        code: 'duplicate-name',
        message: `two techniques are named ${name}, and would draw the same numbers`,
        hint: `Give one of them another name: ${name}({..., name: '${name}-2'}).`,
        option: `techniques[${index}]`,
      });
    }
    const own = Object.entries(technique.options).find(
      ([option, value]) => Object.hasOwn(imageOptions, option) && value !== undefined,
    );
    if (own) {
      throw new RegularizerError({
        where,
        code: 'misplaced-option',
        message: `${name} has the option ${own[0]} of its own`,
        hint: `Give it to the pipeline, for all: pipeline([...], {${own[0]}: ...}).`,
        option: `techniques[${index}].${own[0]}`,
        received: own[1],
      });
    }
    return technique;
  });
}

/** What {@link pipeline} says of itself. */
export const pipelineTechnique: Technique = defineTechnique({
  name: 'pipeline',
  title: 'Several changes of images at once',
  family: 'augmentation',
  about:
    'Several changes of images at once: one resampling for all that move pixels, one map for all colours.',
  options: {techniques: techniquesOption, ...imageOptions},
  example: {
    techniques: [
      {name: 'randomShift', pixels: 2},
      {name: 'randomAffine', rotation: 10},
    ],
  },
  trials: [
    {
      options: {
        techniques: [
          {name: 'randomFlip'},
          {name: 'randomShift', pixels: 1},
          {name: 'randomAffine'},
          {name: 'randomBrightness'},
          {name: 'randomContrast'},
          {name: 'randomErasing'},
        ],
      },
      on: ['images'],
    },
    {
      options: {
        techniques: [{name: 'randomFlip'}, {name: 'randomShift', pixels: 1}, {name: 'randomBrightness'}],
      },
      on: ['composite'],
    },
    {
      label: 'erasing',
      options: {techniques: [{name: 'randomFlip'}, {name: 'cutout', fill: 1}]},
      on: ['composite'],
    },
  ],
  create: (given: PipelineOptions & {readonly techniques: readonly ImageRegularizer[]}) => {
    // Where it is no object at all, the missing list says so.
    const {techniques, ...options} = given ?? {};
    return pipeline(techniques, options);
  },
});
