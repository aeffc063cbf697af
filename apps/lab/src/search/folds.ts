import {isOwn} from '../data/own/options.ts';
import type {Recipe} from '../recipe.ts';

/** Data of fewer examples than this is cut into folds: one part of them to choose by says little by itself. */
const enough = 500;
const usualFolds = 5;

/**
 * Data of one's own that is small, in folds; what a recipe says of them stays.
 *
 * @param base whose data says how many examples each part has
 */
export function withFolds(base: Recipe): Recipe {
  const {data} = base;
  if (!isOwn(data) || data.folds !== undefined) return base;
  const {train = Infinity, validation = Infinity, test = Infinity} = data;
  return train + validation + test < enough ? {...base, data: {...data, folds: usualFolds}} : base;
}
