import {RegularizerError} from '@regularizers/core';
import {defaultRecipe} from '../defaults.ts';
import type {Recipe, RecipeInput} from '../recipe.ts';
import type {Options} from './fields/field.ts';
import {techniqueForms} from './techniques.ts';

/** One regularizer in the form; those that are switched off stay in the form and out of the recipe. */
export interface Card {
  readonly id: number;
  readonly enabled: boolean;
  /** As in the recipe: `name`, `as` and the technique's options. */
  readonly options: Options;
}

/** A recipe in the making: what the form shows, which may not be right yet. */
export interface Draft {
  /** Parts with options of their own: each has a `name`. */
  readonly data: Options;
  readonly model: Options;
  readonly optimizer: Options;
  /** `name`, `seed`, `epochs`, `batchSize`, `evaluation`. */
  readonly run: Options;
  readonly cards: readonly Card[];
}

/** A part of a draft that holds options. */
export type Part = 'data' | 'model' | 'optimizer' | 'run';

let lastId = 0;

/** The form for a recipe. */
export function toDraft({data, model, optimizer, regularizers, ...run}: Recipe): Draft {
  return {data, model, optimizer, run, cards: regularizers.map((options) => toCard(options))};
}

/** What the form says, as JSON that `parseRecipe` judges. */
export function toRecipeJson({data, model, optimizer, run, cards}: Draft): Options {
  const {name, seed, ...rest} = run;
  return {
    ...(name === undefined ? {} : {name}),
    ...(seed === undefined ? {} : {seed}),
    data,
    model,
    optimizer,
    ...rest,
    regularizers: enabledCards(cards).map(({options}) => options),
  };
}

/** The cards that are in the recipe, in its order. */
export const enabledCards = (cards: readonly Card[]): readonly Card[] => cards.filter(({enabled}) => enabled);

/**
 * The same draft with another kind of data, model or optimizer, with the options that suit it. Other parts that were as
 * suited the data and the model before become as suits them now; what a person changed stays.
 */
export function withKind(draft: Draft, part: Exclude<Part, 'run'>, name: string): Draft {
  if (draft[part]['name'] === name) return draft;
  const chosen = {...draft, [part]: {name}};
  if (part === 'optimizer') return chosen;
  const {data, model} = draft;
  const before = suitedTo(data['name'], model['name']);
  // A model that nobody chose is the data's.
  const isDatas = part === 'data' && isSame(model, suitedTo(data['name'])?.model);
  const suited = suitedTo(chosen.data['name'], isDatas ? undefined : chosen.model['name']);
  if (!suited) return chosen;
  const follow = (key: 'data' | 'model' | 'optimizer'): Options =>
    key === part || isSame(draft[key], before?.[key]) ? suited[key] : draft[key];
  const settings = Object.entries(suited.run).filter(([key]) => isSame(draft.run[key], before?.run[key]));
  return {
    ...chosen,
    data: follow('data'),
    model: follow('model'),
    optimizer: follow('optimizer'),
    run: {...draft.run, ...Object.fromEntries(settings)},
  };
}

/** What suits data and a model of these names; undefined where names alone make no recipe. */
function suitedTo(data: unknown, model?: unknown): Pick<Draft, Part> | undefined {
  try {
    const {epochs, batchSize, ...suited} = defaultRecipe({
      data: {name: data},
      ...(model === undefined ? {} : {model: {name: model}}),
    } as Partial<RecipeInput>);
    return {data: suited.data, model: suited.model, optimizer: suited.optimizer, run: {epochs, batchSize}};
  } catch (error) {
    if (RegularizerError.isInstance(error)) return undefined;
    throw error;
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * One more regularizer; a second one of a technique gets a name of its own.
 *
 * @param recipe whose data and model its options are to suit
 */
export function withTechnique(draft: Draft, technique: string, recipe?: Recipe): Draft {
  const taken = draft.cards.map(({options}) => String(options['as'] ?? options['name']));
  let as = technique;
  for (let count = 2; taken.includes(as); count++) as = `${technique} ${count}`;
  const options = {
    name: technique,
    ...(as === technique ? {} : {as}),
    ...techniqueForms[technique]?.start(recipe),
  };
  return {...draft, cards: [...draft.cards, toCard(options)]};
}

/** The same draft with one card changed. */
export function withCard(draft: Draft, id: number, change: (card: Card) => Card): Draft {
  return {...draft, cards: draft.cards.map((card) => (card.id === id ? change(card) : card))};
}

/** The same draft without a card. */
export function withoutCard(draft: Draft, id: number): Draft {
  return {...draft, cards: draft.cards.filter((card) => card.id !== id)};
}

/** The same draft with a card one place earlier: regularizers of one kind run in the order of the list. */
export function withCardEarlier(draft: Draft, id: number): Draft {
  const from = draft.cards.findIndex((card) => card.id === id);
  if (from < 1) return draft;
  const cards = [...draft.cards];
  cards.splice(from - 1, 0, ...cards.splice(from, 1));
  return {...draft, cards};
}

/** What a person calls a recipe in a list of runs. */
export function labelOf({name, regularizers}: Recipe): string {
  if (name !== undefined) return name;
  if (regularizers.length === 0) return 'no regularizer';
  return regularizers.map((one) => one.as ?? one.name).join(' + ');
}

const toCard = (options: Options): Card => ({id: ++lastId, enabled: true, options});
