import {RegularizerError} from '@regularizers/core';
import {ZodError} from 'zod';
import {type SentError, sendError} from '../sent-error.ts';
import {type Card, type Draft, enabledCards} from './draft.ts';

/** What is wrong, and at which controls. */
export interface Problem {
  readonly error: SentError;
  /** Places of controls and what to say there: `data.train`, `optimizer.learningRate`, `card3.rate`, `model`. */
  readonly places: ReadonlyMap<string, string>;
}

/** The place of a card, which is also the start of those of its controls. */
export const placeOf = (card: Pick<Card, 'id'>): string => `card${card.id}`;

/** An error with the controls that it is about. */
export function problemOf(error: unknown, draft: Draft): Problem {
  const sent = sendError(error);
  const issues = issuesOf(error).map(({path, message}): [string, string] => [toPlace(path, draft), message]);
  if (issues.length > 0) return {error: sent, places: new Map(issues)};
  const place = placeIn(sent, draft);
  return {error: sent, places: new Map(place === undefined ? [] : [[place, sent.message]])};
}

/** An error that came from a worker. */
export const sentProblem = (error: SentError, draft: Draft): Problem =>
  problemOf(new RegularizerError(error), draft);

function issuesOf(error: unknown): readonly {path: readonly PropertyKey[]; message: string}[] {
  return RegularizerError.isInstance(error) && error.cause instanceof ZodError ? error.cause.issues : [];
}

/** `regularizers.1.rate` as the place of a card's control. */
function toPlace(path: readonly PropertyKey[], {cards}: Draft): string {
  const [head, index, ...rest] = path;
  if (head !== 'regularizers') return path.slice(0, 2).map(String).join('.');
  const card = enabledCards(cards)[Number(index)];
  return [card ? placeOf(card) : 'regularizers', ...rest.slice(0, 1).map(String)].join('.');
}

/** Regularizers, models and data complain in their own name. */
function placeIn({where, option}: SentError, {data, model, cards}: Draft): string | undefined {
  const card = enabledCards(cards).find(({options}) => where === (options['as'] ?? options['name']));
  const owner = card ? placeOf(card) : where === model['name'] ? 'model' : undefined;
  if (owner === undefined) return where === 'data' || where === data['name'] ? 'data' : undefined;
  // `pairs[0].weight` is at the control `pairs.0.weight`.
  return option === undefined ? owner : `${owner}.${option.replace(/\[(\d+)\]/g, '.$1')}`;
}
