// What plugins that train several members share, whatever makes the members differ.
import {type Option, option, type Regularizer} from '@regularizers/core';
import {type CombineMode, checkCombinable, combining} from './combine.ts';

/** The option `members`. */
export function membersOption(range: {
  readonly min: number;
  readonly nothing?: number;
}): Option<number> & {readonly default: 5} {
  return option.integer({
    ...range,
    default: 5,
    about: 'How many models are trained.',
    search: {from: 2, to: 8, scale: 'linear'},
  });
}

/** What the factory of a plugin of members has read. */
interface MemberOptions<Name extends string> extends Pick<Regularizer<Name>, 'name' | 'settings'> {
  readonly members: number;
  readonly combine: CombineMode;
}

/**
 * A plugin that trains this many members and combines their outputs. One member is ordinary training.
 *
 * @param hooks what makes the members differ, beside their seeds
 */
export function memberPlugin<Name extends string>(
  {name, settings = {}, members, combine}: MemberOptions<Name>,
  {tags, ...hooks}: Pick<Regularizer<Name, undefined, null>, 'sample' | 'tags'> = {},
): Regularizer<Name, undefined, null> {
  const {combineOn, ...combiner} = combining(combine);
  return {
    name,
    settings,
    ...(tags && {tags}),
    owns: ['members'],
    members,
    ...(combineOn && {combineOn}),
    setup({losses}) {
      checkCombinable(name, combine, losses);
      return {idle: members === 1};
    },
    ...hooks,
    ...combiner,
  };
}
