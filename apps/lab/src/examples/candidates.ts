import {autoencoderTies} from '../models/autoencoder.ts';
import type {Recipe} from '../recipe.ts';
import type {RegularizerRecipe} from '../regularizers.ts';
import {familiesOnPictures, type Tuned} from './families.ts';
import {tunedFor} from './strengths.ts';

/** A regularizer as it is compared: alone, and in the company of the others. */
export interface Candidate {
  readonly name: string;
  readonly alone: readonly RegularizerRecipe[];
  /** What of that only goes with the rest, and is nothing to try by itself. */
  readonly beside?: readonly RegularizerRecipe[];
  /** Weaker where others do a part of its work, empty where it would be in their way; left out, as alone. */
  readonly together?: readonly RegularizerRecipe[];
}

/** The regularizers that suit a recipe's model and data: one of each family, or more, where there is one. */
export function candidatesFor({data, model}: Recipe): readonly Candidate[] {
  const tuned = data.name === 'glyphs' || data.name === 'mnist' ? tunedFor(data) : undefined;
  const isPicture = isPictures(data);
  const classifies = !isValues(data);
  switch (model.name) {
    case 'mlp':
      return tuned ? mlpOnPictures(tuned, model.hidden) : mlpOnPoints(model.hidden, classifies, isPicture);
    case 'cnn':
      return classifies ? cnn : cnn.filter(({name}) => name !== 'labelSmoothing' && name !== 'earlyStopping');
    case 'residual':
      return residual(model.blocks);
    case 'autoencoder':
      return autoencoder(model, isPicture);
    case 'recurrent':
      return recurrent(classifies);
  }
}

type Data = Recipe['data'];

const isPictures = (data: Data): boolean =>
  ['glyphs', 'mnist', 'digits', 'pictures'].includes(data.name) ||
  (data.name === 'arrays' && data.inputs === 'pictures');

/** Whether numbers are to be predicted. */
const isValues = (data: Data): boolean =>
  ['wave', 'adding', 'diabetes'].includes(data.name) || ('task' in data && data.task === 'regression');

const smoothing: Candidate = {name: 'labelSmoothing', alone: [{name: 'labelSmoothing', epsilon: 0.1}]};
const bagging: Candidate = {name: 'bagging', alone: [{name: 'bagging', members: 5}]};
const affine: Candidate = {name: 'augmentation', alone: [{name: 'randomAffine'}]};
// By accuracy: under a falling learning rate the validation loss is at its lowest long before the error is.
const patient: Candidate = {
  name: 'earlyStopping',
  alone: [{name: 'earlyStopping', monitor: 'validation.accuracy', patience: 10}],
  together: [{name: 'earlyStopping', monitor: 'validation.accuracy', patience: 20}],
};

/** Strengths of a study, by validation error: those alone, and those of the best composition that it found. */
function mlpOnPictures({alone, together}: Tuned, hidden: readonly number[]): readonly Candidate[] {
  return familiesOnPictures(hidden).map(({name, regularizer, beside = []}) => {
    const inCompany = together[name];
    return {
      name,
      alone: [{...regularizer, ...alone[name]}, ...beside],
      beside,
      together: inCompany ? [{...regularizer, ...inCompany}, ...beside] : [],
    };
  });
}

function mlpOnPoints(
  hidden: readonly number[],
  classifies: boolean,
  isPicture: boolean,
): readonly Candidate[] {
  const twin = hidden.findIndex(
    (units, index) => index > 1 && units === hidden[index - 1] && units === hidden[index - 2],
  );
  return [
    {name: 'l2', alone: [{name: 'l2', strength: 3e-3}], together: [{name: 'l2', strength: 1e-3}]},
    isPicture
      ? affine
      : {
          name: 'augmentation',
          alone: [{name: 'mixup', alpha: 0.4}],
          together: [{name: 'mixup', alpha: 0.1}],
        },
    ...(twin > 0
      ? [{name: 'sharing', alone: [{name: 'share', layers: [`hidden${twin}`, `hidden${twin + 1}`]}]}]
      : []),
    {
      name: 'inputNoise',
      alone: [{name: 'inputNoise', sigma: 0.2}],
      together: [{name: 'inputNoise', sigma: 0.1}],
    },
    ...(classifies ? [smoothing] : []),
    {name: 'earlyStopping', alone: [{name: 'earlyStopping', patience: 15}]},
    // A linear model has nothing hidden to drop.
    ...(hidden.length > 0
      ? [{name: 'dropout', alone: [{name: 'dropout', rate: 0.2}], together: [{name: 'dropout', rate: 0.1}]}]
      : []),
    bagging,
  ];
}

// No sharing: a convolution is sharing.
const cnn: readonly Candidate[] = [
  {name: 'l2', alone: [{name: 'l2', strength: 1e-3}], together: [{name: 'l2', strength: 1e-4}]},
  affine,
  {
    name: 'inputNoise',
    alone: [{name: 'inputNoise', sigma: 0.2}],
    together: [{name: 'inputNoise', sigma: 0.05}],
  },
  smoothing,
  patient,
  {name: 'dropout', alone: [{name: 'dropout', rate: 0.5}], together: [{name: 'dropout', rate: 0.2}]},
  bagging,
];

function residual(blocks: readonly number[]): readonly Candidate[] {
  const shared = blocks[0] === blocks[1];
  const convolutions = [1, 2].map((place) => ({
    name: 'share',
    as: `share ${place}`,
    layers: [`block1_conv${place}`, `block2_conv${place}`],
  }));
  return [
    ...cnn.filter(({name}) => name !== 'dropout' && name !== 'bagging'),
    ...(shared ? [{name: 'sharing', alone: convolutions, together: []}] : []),
    {
      name: 'stochasticDepth',
      alone: [{name: 'stochasticDepth', at: 'block*_residual', rate: 0.3}],
      together: [{name: 'stochasticDepth', at: 'block*_residual', rate: 0.1}],
    },
    bagging,
  ];
}

function autoencoder(
  model: Extract<Recipe['model'], {readonly name: 'autoencoder'}>,
  isPicture: boolean,
): readonly Candidate[] {
  const pairs = autoencoderTies(model).map(({source, target}) => ({
    weight: target,
    to: source,
    by: 'transpose',
  }));
  return [
    {name: 'l2', alone: [{name: 'l2', strength: 1e-5}], together: []},
    ...(isPicture ? [{name: 'augmentation', alone: [{name: 'randomAffine', targets: 'transform'}]}] : []),
    {name: 'sharing', alone: [{name: 'tie', pairs}]},
    {
      name: 'inputNoise',
      alone: [{name: 'inputNoise', distribution: 'masking', probability: 0.1}],
      together: [],
    },
    {name: 'earlyStopping', alone: [{name: 'earlyStopping', patience: 5}]},
    {name: 'dropout', alone: [{name: 'dropout', rate: 0.1}], together: []},
    bagging,
  ];
}

// No sharing: a recurrent network uses the same weights at every step.
function recurrent(classifies: boolean): readonly Candidate[] {
  return [
    {name: 'l2', alone: [{name: 'l2', strength: 1e-3}], together: [{name: 'l2', strength: 1e-4}]},
    {name: 'augmentation', alone: [{name: 'mixup', alpha: 0.4}], together: [{name: 'mixup', alpha: 0.1}]},
    {
      name: 'inputNoise',
      alone: [{name: 'inputNoise', sigma: 0.3}],
      together: [{name: 'inputNoise', sigma: 0.1}],
    },
    {
      name: 'weightNoise',
      alone: [{name: 'weightNoise', sigma: 0.05}],
      together: [{name: 'weightNoise', sigma: 0.02}],
    },
    ...(classifies ? [smoothing] : []),
    {name: 'earlyStopping', alone: [{name: 'earlyStopping', patience: 10}]},
    {
      name: 'dropout',
      alone: [{name: 'dropout', at: 'recurrent*', rate: 0.3}],
      together: [{name: 'dropout', at: 'recurrent*', rate: 0.1}],
    },
    bagging,
  ];
}
