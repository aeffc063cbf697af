import type {Parameter, Point} from '@regularizers/search';
import type {Recipe} from '../recipe.ts';

/**
 * What belongs to training itself, which a search tunes for the baseline as for everything else, around what the recipe
 * says: the learning rate, its schedule, and how long to train.
 */
export function searchSettings({optimizer, epochs}: Recipe): readonly Parameter[] {
  const {learningRate, schedule} = optimizer;
  return [
    {
      key: 'learningRate',
      search: {from: learningRate / 30, to: Math.min(learningRate * 10, 100), scale: 'log'},
      integer: false,
      default: learningRate,
      when: [],
    },
    {
      key: 'schedule',
      search: {values: ['constant', 'cosine']},
      integer: false,
      default: schedule,
      when: [],
    },
    {
      key: 'epochs',
      search: {from: Math.max(1, Math.round(epochs / 4)), to: 2 * epochs, scale: 'log'},
      integer: true,
      default: epochs,
      when: [],
    },
  ];
}

/** A recipe with the settings of a point. */
export function withSettings(base: Recipe, point: Point): Recipe {
  const {learningRate, schedule, epochs} = {...base.optimizer, epochs: base.epochs, ...point} as Pick<
    Recipe['optimizer'],
    'learningRate' | 'schedule'
  > &
    Pick<Recipe, 'epochs'>;
  return {...base, optimizer: {...base.optimizer, learningRate, schedule}, epochs};
}
