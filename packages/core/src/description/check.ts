import {computed} from '../lib/computed.ts';
import {describeNames, describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';
import {looking} from '../lib/given.ts';
import {isPlainObject, type JsonSchema} from '../lib/json.ts';
import {schemaOf, toJsonSchema} from './json-schema.ts';
import type {AnyOption, OptionRecord} from './option.ts';
import {checkNumber, describeRange} from './ranges.ts';
import {checkSelector} from './selector.ts';
import {unmetBy} from './when.ts';

/**
 * Checks a value against the description of its option.
 *
 * @param where who complains, such as a plugin's name
 * @param path the option's name; `affine.rotation`, `pairs[0]` for what is nested
 * @throws RegularizerError with code `out-of-range`, `unknown-choice`, `not-a-flag`, `not-a-text`, `not-a-selector`,
 *   `not-a-list`, `not-options`, `unknown-option`, `missing-option` or `bad-option`
 */
export function checkOption(where: string, path: string, value: unknown, option: AnyOption): void {
  looking(where, path, () => checkKind(where, path, value, option));
}

function checkKind(where: string, path: string, value: unknown, option: AnyOption): void {
  switch (option.kind) {
    case 'number':
      checkNumber(where, path, value, option);
      return;
    case 'selector':
      checkSelector(where, path, value);
      return;
    case 'list':
      checkList(where, path, value, option);
      return;
    case 'record':
      checkFields(where, path, value, option.fields);
      return;
    case 'oneOf':
      checkOneOf(where, path, value, option);
      return;
    default:
      if (!resembles(value, option)) refuse(where, path, value, option);
  }
}

/**
 * Checks an object of options: nothing but what is described, and all that is required.
 *
 * @throws RegularizerError as {@link checkOption}
 */
export function checkRecord(
  where: string,
  path: string,
  value: unknown,
  fields: OptionRecord,
): asserts value is Readonly<Record<string, unknown>> {
  looking(where, path === '' ? 'options' : path, () => checkFields(where, path, value, fields));
}

function checkFields(where: string, path: string, value: unknown, fields: OptionRecord): void {
  if (!isPlainObject(value)) {
    throw new RegularizerError({
      where,
      code: 'not-options',
      message: `${path === '' ? 'options' : path} must be an object; received ${describeValue(value)}`,
      hint: `Such as {${exampleOf(fields)}}.`,
      ...(path === '' ? {} : {option: path}),
      received: value,
      allowed: toJsonSchema(fields),
    });
  }
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
  const [first] = unknown;
  if (first !== undefined) {
    throw new RegularizerError({
      where,
      code: 'unknown-option',
      message: `unknown option ${describeNames(unknown.map(at))}`,
      hint: `The options are: ${Object.keys(fields).join(', ')}.`,
      option: at(first),
      received: value[first],
      allowed: {enum: Object.keys(fields)},
    });
  }
  for (const [key, option] of Object.entries(fields)) {
    const given = value[key];
    if (given !== undefined) {
      checkWhen(where, at(key), option, value, fields);
      checkKind(where, at(key), given, option);
    } else if (option.required) {
      throw new RegularizerError({
        where,
        code: 'missing-option',
        message: `${at(key)} must be ${kindInWords(option)}; it is missing`,
        hint: option.about,
        option: at(key),
        ...allowedBy(option),
      });
    }
  }
}

/** An option that has no meaning beside the others is refused, and not silently without effect. */
function checkWhen(
  where: string,
  path: string,
  option: AnyOption,
  given: Readonly<Record<string, unknown>>,
  fields: OptionRecord,
): void {
  const missing = unmetBy(option, given, fields);
  if (!missing) return;
  const [key, values] = missing;
  throw new RegularizerError({
    where,
    code: 'unknown-option',
    message: `unknown option ${path} where ${key} is ${describeValue(given[key] ?? fields[key]?.default)}`,
    hint: `It goes with ${key}: ${values.map(describeValue).join(' or ')}.`,
    option: path,
  });
}

function checkList(
  where: string,
  path: string,
  value: unknown,
  option: Extract<AnyOption, {kind: 'list'}>,
): void {
  const {of, length, least = 0, ascending, distinct} = option;
  if (!Array.isArray(value) || value.length < least || (length !== undefined && value.length !== length)) {
    refuse(where, path, value, option);
  }
  // Not forEach, which passes over the holes of a sparse array.
  for (let index = 0; index < value.length; index++) checkKind(where, `${path}[${index}]`, value[index], of);
  if (ascending && !isAscending(value, ascending)) refuse(where, path, value, option);
  if (distinct && new Set(value).size < value.length) refuse(where, path, value, option);
}

function isAscending(values: readonly number[], how: 'strictly' | 'weakly'): boolean {
  return values.every((value, index) => {
    const last = values[index - 1];
    return last === undefined || last < value || (how === 'weakly' && last === value);
  });
}

/** The alternative that the value resembles says what is wrong with it; if it is none, all are named. */
function checkOneOf(
  where: string,
  path: string,
  value: unknown,
  option: Extract<AnyOption, {kind: 'oneOf'}>,
): void {
  const alike = option.options.find((one) => resembles(value, one));
  if (alike) checkKind(where, path, value, alike);
  else refuse(where, path, value, option);
}

/** Is it of the option's kind, whatever its range? */
function resembles(value: unknown, option: AnyOption): boolean {
  switch (option.kind) {
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'choice':
      return option.choices.some((choice) => choice === value);
    case 'text':
      return isText(value);
    case 'null':
      return value === null;
    case 'list':
      return Array.isArray(value);
    case 'record':
      return isPlainObject(value);
    case 'selector':
      return typeof value === 'string' || typeof value === 'function' || Array.isArray(value);
    case 'plugin':
      return typeof value === 'object' && value !== null && 'name' in value && isText(value.name);
    case 'instance':
      return option.is(value);
    case 'oneOf':
      return option.options.some((one) => resembles(value, one));
  }
}

const codes: Readonly<Partial<Record<AnyOption['kind'], string>>> = {
  choice: 'unknown-choice',
  flag: 'not-a-flag',
  text: 'not-a-text',
  list: 'not-a-list',
  plugin: 'not-a-plugin',
};

function refuse(where: string, path: string, value: unknown, option: AnyOption): never {
  throw new RegularizerError({
    where,
    code: codes[option.kind] ?? 'bad-option',
    message: `${path} must be ${kindInWords(option)}; received ${describeValue(value)}`,
    option: path,
    received: value,
    ...allowedBy(option),
  });
}

/** What JSON can't hold has no schema. */
const allowedBy = (option: AnyOption): {readonly allowed?: JsonSchema} =>
  option.kind === 'instance' ? {} : {allowed: schemaOf(option)};

/** What an option may be, in words: `a number in [0, 1)`. */
export function describeKind(option: AnyOption): string {
  return computed('describeKind', {option}, () => kindInWords(option));
}

function kindInWords(option: AnyOption): string {
  switch (option.kind) {
    case 'number':
      return describeRange(option);
    case 'flag':
      return 'true or false';
    case 'choice':
      return option.choices.length === 1
        ? describeValue(option.choices[0])
        : `one of ${option.choices.join(', ')}`;
    case 'text':
      return 'a text';
    case 'null':
      return 'null';
    case 'list':
      return describeList(option);
    case 'record':
      return `{${Object.keys(option.fields).join(', ')}}`;
    case 'selector':
      return `a name, a glob, a predicate or a list of those, of ${option.of}`;
    case 'plugin':
      return 'a plugin such as l2({strength: 1e-4})';
    case 'instance':
      return option.what;
    case 'oneOf':
      return option.options.map(kindInWords).join(' or ');
  }
}

function describeList(option: Extract<AnyOption, {kind: 'list'}>): string {
  const {of, length, least = 0, ascending, distinct} = option;
  const each = `each ${kindInWords(of)}`;
  if (length === 2 && ascending) {
    return `[min, max] with min ${ascending === 'weakly' ? '≤' : '<'} max, ${each}`;
  }
  const count = length === undefined ? (least > 0 ? `${least} or more` : '') : String(length);
  const order = ascending ? ', in ascending order' : distinct ? ', all different' : '';
  return `a list${count ? ` of ${count}` : ''}, ${each}${order}`;
}

function exampleOf(fields: OptionRecord): string {
  const [first] = Object.entries(fields).filter(
    ([, {default: value}]) => value !== undefined && typeof value !== 'function',
  );
  return first ? `${first[0]}: ${describeValue(first[1].default)}` : `${Object.keys(fields)[0] ?? 'name'}: …`;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
