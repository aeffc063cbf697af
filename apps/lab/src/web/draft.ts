import {RegularizerError} from '@regularizers/core';
import {isOwn, type OwnOptions} from '../data/own/options.ts';
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
  /** What was found in data of the user's own, which settings that suit it depend on; no part of the recipe. */
  readonly found?: OwnOptions | undefined;
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
  return part === 'data'
    ? followed(draft, {...chosen, found: undefined}, part)
    : followed(draft, chosen, part);
}

/**
 * The same draft on data of the user's own, with what else suits it. How many examples each part has and what is asked is
 * left to the files, so that another target may be chosen.
 *
 * @param found what reading it came to
 */
export function withOwn(draft: Draft, found: OwnOptions): Draft {
  const {train: _, validation: __, test: ___, ...rest} = found;
  const {task: ____, ...data}: Options = rest;
  return followed(draft, {...draft, data, found}, 'data');
}

/** The same draft with another column of its table to predict. */
export function withTarget(draft: Draft, target: string): Draft {
  const {task: _, columns, ...data} = draft.data;
  const {[target]: __, ...others} = (columns ?? {}) as Options;
  return {
    ...draft,
    data: {...data, target, ...(Object.keys(others).length === 0 ? {} : {columns: others})},
  };
}

/** The same draft with what a column of its table is to be; undefined for what it looks like. */
export function withColumn(draft: Draft, column: string, use: string | undefined): Draft {
  const {columns: before, ...data} = draft.data;
  const {[column]: _, ...others} = (before ?? {}) as Options;
  const columns = use === undefined ? others : {...others, [column]: use};
  return {...draft, data: {...data, ...(Object.keys(columns).length === 0 ? {} : {columns})}};
}

/** What follows from another kind of data, model or optimizer. */
function followed(draft: Draft, chosen: Draft, part: Exclude<Part, 'run'>): Draft {
  if (part === 'optimizer') return chosen;
  const {model} = draft;
  const before = suitedTo(draft, model['name']);
  // A model that nobody chose is the data's.
  const isDatas = part === 'data' && isSame(model, suitedTo(draft)?.model);
  const suited = suitedTo(chosen, isDatas ? undefined : chosen.model['name']);
  if (!suited) return chosen;
  const isGiven = (key: 'data' | 'model' | 'optimizer'): boolean => key === 'data' && isOwn(chosen.data);
  const follow = (key: 'data' | 'model' | 'optimizer'): Options => {
    if (isGiven(key)) return chosen[key];
    return key === part || isSame(draft[key], before?.[key]) ? suited[key] : draft[key];
  };
  const settings = Object.entries(suited.run).filter(([key]) => isSame(draft.run[key], before?.run[key]));
  return {
    ...chosen,
    data: follow('data'),
    model: follow('model'),
    optimizer: follow('optimizer'),
    run: {...draft.run, ...Object.fromEntries(settings)},
  };
}

/** What suits data and a model of this name; undefined where that alone makes no recipe. */
function suitedTo({data, found}: Draft, model?: unknown): Pick<Draft, Part> | undefined {
  try {
    const {epochs, batchSize, ...suited} = defaultRecipe({
      data: isOwn(data) ? {...found, ...data} : {name: data['name']},
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
