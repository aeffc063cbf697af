import {
  cutmix,
  cutout,
  type ImageRegularizer,
  mixup,
  type PipelineOptions,
  pipeline,
  randomAffine,
  randomBrightness,
  randomContrast,
  randomCrop,
  randomErasing,
  randomFlip,
  randomGrayscale,
  randomHue,
  randomInvert,
  randomSaturation,
  randomShift,
} from '@regularizers/augmentation';
import {type Regularizer, RegularizerError} from '@regularizers/core';
import {
  alphaDropout,
  dropConnect,
  dropout,
  gaussianDropout,
  spatialDropout,
  stochasticDepth,
} from '@regularizers/dropout';
import {earlyStopping, stopWhen} from '@regularizers/early-stopping';
import {bagging, deepEnsemble, ema, snapshots, swa} from '@regularizers/ensembles';
import {
  clipGradients,
  elasticNet,
  l1,
  l2,
  maxNorm,
  minMaxNorm,
  nonNegative,
  unitNorm,
  weightDecay,
} from '@regularizers/l2';
import {activationNoise, gradientNoise, inputNoise, labelSmoothing, weightNoise} from '@regularizers/noise';
import {convolve, share, softShare, tie} from '@regularizers/sharing';
import {z} from 'zod';

/** One regularizer of a recipe: a technique, and that technique's options as they are in its package. */
export const regularizerSchema = z.looseObject({
  /** The technique, such as `dropout`. */
  name: z.string(),
  /** What this plugin is called, where a recipe uses one technique twice. */
  as: z.string().min(1).optional(),
});

/** Regularizers in one recipe, or in one pipeline of it. */
export const mostRegularizers = 100;

/** One regularizer of a recipe. */
export type RegularizerRecipe = z.infer<typeof regularizerSchema>;

/** The package that a technique is from. */
export type Family = 'augmentation' | 'dropout' | 'early-stopping' | 'ensembles' | 'l2' | 'noise' | 'sharing';

/** A technique that recipes can name. */
export interface Technique {
  readonly name: string;
  readonly family: Family;
  /** Makes the plugin; it checks its options itself. */
  readonly create: (options: Readonly<Record<string, unknown>>) => Regularizer;
}

type Factory = (options: never) => Regularizer;

const families: Readonly<Record<Family, Readonly<Record<string, Factory>>>> = {
  l2: {l2, l1, elasticNet, weightDecay, maxNorm, unitNorm, minMaxNorm, nonNegative, clipGradients},
  augmentation: {
    randomAffine,
    randomShift,
    randomFlip,
    randomCrop,
    randomBrightness,
    randomContrast,
    randomSaturation,
    randomHue,
    randomGrayscale,
    randomInvert,
    pipeline: pipelineOf,
    randomErasing,
    cutout,
    mixup,
    cutmix,
  },
  sharing: {tie, share, softShare, convolve},
  noise: {inputNoise, labelSmoothing, activationNoise, weightNoise, gradientNoise},
  'early-stopping': {earlyStopping, stopWhen},
  ensembles: {bagging, deepEnsemble, snapshots, swa, ema},
  dropout: {dropout, gaussianDropout, alphaDropout, spatialDropout, dropConnect, stochasticDepth},
};

/** Every technique of the seven packages, by family. */
export const techniques: readonly Technique[] = Object.entries(families).flatMap(([family, factories]) =>
  Object.entries(factories).map(([name, factory]) => ({
    name,
    family: family as Family,
    // What comes out of JSON has no static type; the factory checks all of it.
    create: (options) => factory(options as never),
  })),
);

/**
 * Makes the plugins of a recipe.
 *
 * @throws RegularizerError with code `unknown-regularizer` or `duplicate-name`, or what the factory itself throws
 *
 * @example
 * ```ts
 * createRegularizers([{name: 'l2', strength: 1e-4}, {name: 'dropout', rate: 0.5}]);
 * ```
 */
export function createRegularizers(recipes: readonly RegularizerRecipe[]): readonly Regularizer[] {
  const plugins = recipes.map(createRegularizer);
  const twice = plugins.find(({name}, index) => plugins.findIndex((one) => one.name === name) < index);
  if (!twice) return plugins;
  throw new RegularizerError({
    where: 'recipe',
    code: 'duplicate-name',
    message: `two regularizers are called ${twice.name}`,
    hint: 'Call one of them something else: {"name": "l2", "as": "l2 of the output", …}.',
  });
}

function createRegularizer({name, as, ...options}: RegularizerRecipe): Regularizer {
  const technique = techniques.find((one) => one.name === name);
  if (!technique) {
    throw new RegularizerError({
      where: 'recipe',
      code: 'unknown-regularizer',
      message: `there is no regularizer ${JSON.stringify(name)}`,
      hint: `There are: ${techniques.map((one) => one.name).join(', ')}.`,
    });
  }
  try {
    return technique.create(as === undefined ? options : {...options, name: as});
  } catch (error) {
    if (RegularizerError.isInstance(error)) throw error;
    throw new RegularizerError({
      where: name,
      code: 'bad-option',
      message: `its options cannot be used: ${JSON.stringify(options)}`,
      cause: error,
    });
  }
}

/** A pipeline's techniques are recipes themselves, among its options. */
function pipelineOf({
  techniques: recipes = [],
  ...options
}: PipelineOptions & {readonly techniques?: readonly RegularizerRecipe[]}): Regularizer {
  if (recipes.length > mostRegularizers) {
    throw new RegularizerError({
      where: 'pipeline',
      code: 'bad-option',
      message: `techniques must be at most ${mostRegularizers}; received ${recipes.length}`,
    });
  }
  // What comes out of JSON has no static type; the pipeline checks what it is given.
  return pipeline(
    recipes.map(createRegularizer) as readonly Regularizer[] as readonly ImageRegularizer[],
    options,
  );
}

/** The names of a technique's options, which it says itself when it is given one that it doesn't know. */
export function optionsOf({create}: Technique): readonly string[] {
  try {
    create({'no such option': true});
  } catch (error) {
    const [, list] = (RegularizerError.isInstance(error) && error.hint?.match(/options are: (.*)\./)) || [];
    return list?.split(', ').filter((option) => option !== 'name') ?? [];
  }
  return [];
}
