import type {RegularizerRecipe} from '../regularizers.ts';

/** What others are held against where labels are wrong: stops before they are learned by heart. */
export const stopping: RegularizerRecipe = {
  name: 'earlyStopping',
  monitor: 'validation.accuracy',
  patience: 10,
};

/** Members that judge labels: as many as leave one example in a hundred unjudged. */
export const judges = 10;

/** A bag that judges labels. */
export const judging: RegularizerRecipe = {name: 'bagging', members: judges};
