// Descriptions come from other people's packages too, so that they are checked as options are: by a description.

import {memberOf} from '../lib/given.ts';
import {isPlainObject} from '../lib/json.ts';
import {checkOption, checkRecord} from './check.ts';
import type {AnyOption, OptionKind, OptionRecord} from './option.ts';
import * as option from './option.ts';

const anything = option.instance<unknown>('any value', () => true);
const plain = option.instance<object>('an object of options by name', isPlainObject);
const yes = option.instance<true>('true, or left out', (value) => value === true);
const texts = option.text({about: 'A word.'});

/** What every option may say of itself. */
const words: OptionRecord = {
  about: option.text({about: 'What it does, in one sentence.', required: true}),
  default: anything({about: 'What is taken where it is left out.'}),
  otherwise: option.text({about: 'The same in words.'}),
  required: yes({about: "It can't be left out."}),
  nothing: anything({about: 'At this value the technique does nothing.'}),
  unit: option.text({about: "Such as 'pixels'."}),
  when: plain({about: 'It may be given only where other options have one of these values.'}),
  rare: yes({about: 'Few change it.'}),
  search: option.instance<object>(
    '{from, to, scale} or {values}',
    isPlainObject,
  )({about: 'What a search draws from.'}),
};

/** What an option of each kind may say beside. */
const kinds: Readonly<Record<OptionKind['kind'], OptionRecord>> = {
  number: {
    min: option.number({about: 'The least.'}),
    max: option.number({about: 'The most.'}),
    minExclusive: option.flag({about: 'The least itself is refused.'}),
    maxExclusive: option.flag({about: 'The most itself is refused.'}),
    integer: option.flag({about: 'Whole numbers only.'}),
  },
  flag: {},
  choice: {
    choices: option.list<readonly string[]>(texts)({
      about: 'The words to choose from.',
      required: true,
      least: 1,
      distinct: true,
    }),
  },
  text: {},
  selector: {
    of: option.choice(['trained weights', 'weights', 'sites', 'inputs', 'outputs', 'layers'], {
      about: 'Of what.',
      required: true,
    }),
  },
  null: {},
  list: {
    of: plain({about: 'The description of an entry.', required: true}),
    length: option.integer({min: 0, about: 'Exactly so many.'}),
    least: option.integer({min: 0, about: 'At least so many.'}),
    ascending: option.choice(['strictly', 'weakly'], {about: 'Each is larger than the one before.'}),
    distinct: option.flag({about: 'No two are the same.'}),
  },
  record: {fields: plain({about: 'Options by name.', required: true})},
  oneOf: {
    options: option.list<readonly object[]>(plain({about: 'One of them.'}))({
      about: 'Descriptions of the kinds of value, the plainest first.',
      required: true,
      least: 1,
    }),
  },
  plugin: {},
  instance: {
    what: option.text({about: 'What it is, in words.', required: true}),
    is: option.callback()({about: 'Whether a value is one.', required: true}),
  },
};

const kindOption = option.choice(Object.keys(kinds), {about: 'What it is.', required: true});

const values: OptionRecord = {
  values: option.list<readonly unknown[]>(anything({about: 'One of them.'}))({
    about: 'What a search picks from.',
    required: true,
    least: 1,
  }),
};

/** The ends of an interval are values of the option; its logarithm needs what is above 0, or below 1. */
const interval = (scale: unknown): OptionRecord => ({
  from: option.number({
    about: 'The lower end.',
    required: true,
    ...(scale === 'log' ? {min: 0, minExclusive: true} : {}),
  }),
  to: option.number({
    about: 'The upper end.',
    required: true,
    ...(scale === 'logOfRest' ? {max: 1, maxExclusive: true} : {}),
  }),
  scale: option.choice(['linear', 'log', 'logOfRest'], {about: 'What is drawn uniformly.', required: true}),
});

/** Descriptions that were found to be right, which factories hand over at every call. */
const checked = new WeakSet<object>();

/**
 * Checks a description of options: each says what it is and what it does, and its default, what a search draws from and
 * the values of others that it goes with are values that these options take.
 *
 * @param where whose options they are
 * @param path where they stand; empty at the top
 * @throws RegularizerError as `checkOption`: `[shake] alpha.search.scale must be one of linear, log, logOfRest; …`
 */
export function checkDescription(
  where: string,
  path: string,
  fields: unknown,
): asserts fields is OptionRecord {
  if (typeof fields === 'object' && fields !== null && checked.has(fields)) return;
  checkOption(where, path || 'the description', fields, plain({about: 'Options by name.'}));
  const described = fields as OptionRecord;
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  for (const [key, one] of Object.entries(described)) checkOne(where, at(key), one);
  for (const [key, {when}] of Object.entries(described)) checkWhen(where, `${at(key)}.when`, when, described);
  checked.add(described);
}

function checkOne(where: string, path: string, given: unknown): void {
  checkOption(where, path, given, plain({about: 'The description of an option.'}));
  const kind = memberOf(given, 'kind');
  checkOption(where, `${path}.kind`, kind, kindOption);
  checkRecord(where, path, given, {kind: kindOption, ...words, ...kinds[kind as OptionKind['kind']]});
  const one = given as unknown as AnyOption;
  if (one.kind === 'list') checkOne(where, `${path}.of`, one.of);
  if (one.kind === 'record') checkDescription(where, `${path}.fields`, one.fields);
  if (one.kind === 'oneOf')
    for (const [index, each] of one.options.entries()) checkOne(where, `${path}.options[${index}]`, each);
  if (one.default !== undefined) checkOption(where, `${path}.default`, one.default, one);
  if (one.nothing !== undefined) checkOption(where, `${path}.nothing`, one.nothing, one);
  if (one.search !== undefined) checkSearch(where, `${path}.search`, one.search, one);
}

function checkSearch(where: string, path: string, search: object, one: AnyOption): void {
  if ('values' in search) {
    checkRecord(where, path, search, values);
    const picked = search['values'] as readonly unknown[];
    for (const [index, value] of picked.entries()) checkOption(where, `${path}.values[${index}]`, value, one);
    return;
  }
  const given: unknown = search;
  checkRecord(where, path, given, interval('scale' in search ? search.scale : undefined));
  const ends = [given['from'], given['to']];
  checkOption(where, `${path}.from`, ends[0], one);
  checkOption(where, `${path}.to`, ends[1], one);
  checkOption(where, `${path}: [from, to]`, ends, rising);
}

const rising = option.list<readonly number[]>(option.number({about: 'An end.'}))({
  about: 'Both ends.',
  ascending: 'strictly',
});

/** The others that it goes with are there, and take the values. */
function checkWhen(where: string, path: string, when: unknown, fields: OptionRecord): void {
  if (when === undefined) return;
  const others = Object.fromEntries(
    Object.entries(fields).map(([key, other]): [string, AnyOption] => [
      key,
      option.list<readonly unknown[]>(other)({about: 'Values of it.', least: 1}),
    ]),
  );
  checkRecord(where, path, when, others);
}
