import {describeValue, printable, RegularizerError, type RegularizerErrorOptions} from '@regularizers/core';
import {z} from 'zod';
import {describePart, partAt, partsOf, type SchemaPart} from './schema-words.ts';

/**
 * Checks options that came from outside (a recipe, a command line, a form) and fills in the defaults.
 *
 * @param where who complains, such as `'glyphs'` or `'mlp'`
 * @throws RegularizerError with code `bad-option`, naming each option that is wrong, what it may be and what was received
 */
export function parseOptions<Schema extends z.ZodType>(
  where: string,
  schema: Schema,
  options: unknown,
): z.output<Schema> {
  const hidden = hiddenKey(options);
  if (hidden !== undefined) {
    throw new RegularizerError({where, code: 'bad-option', message: `there is no option ${hidden}`});
  }
  const result = checkValue(schema, options);
  if (result.success) return result.data;
  throw new RegularizerError({
    where,
    code: 'bad-option',
    message: result.error.issues.map(describeIssue).join('; '),
    ...firstOf(result.error, schema, options),
    cause: result.error,
  });
}

/** Holds a value against a schema. Whatever is wrong is said in our words, which are the messages of its issues. */
export function checkValue<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.ZodSafeParseResult<z.output<Schema>> {
  let parts: SchemaPart | undefined;
  const partFor = (path: readonly PropertyKey[]): SchemaPart | undefined => {
    parts ??= partsOf(schema);
    return partAt(parts, path, value);
  };
  return schema.safeParse(value, {
    reportInput: true,
    error: (issue) => sentenceFor(issue, partFor(issue.path ?? [])),
  });
}

/** What an error of several issues says of one option: it is that of the first. */
function firstOf(
  {issues: [issue]}: z.core.$ZodError,
  schema: z.ZodType,
  options: unknown,
): Partial<RegularizerErrorOptions> {
  if (!issue || issue.path.length === 0) return {};
  const choices = issue.code === 'invalid_union' ? choicesOf(issue) : undefined;
  const allowed = choices ? {enum: choices} : partAt(partsOf(schema), issue.path, options);
  return {
    option: issue.path
      .map((part, depth) =>
        typeof part === 'number' ? `[${part}]` : `${depth > 0 ? '.' : ''}${String(part)}`,
      )
      .join(''),
    ...(issue.input === undefined ? {} : {received: issue.input}),
    ...(allowed ? {allowed: {...allowed}} : {}),
  };
}

/** The names of the alternatives where none of them was named. */
const choicesOf = (issue: object): readonly unknown[] | undefined =>
  'options' in issue && Array.isArray(issue.options) ? issue.options : undefined;

/** Where a key `__proto__` is, which JSON may hold and schemas pass over without a word. */
function hiddenKey(options: unknown): string | undefined {
  const seen = new Set<unknown>();
  const left: [path: string, value: unknown][] = [['', options]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [path, value] = next;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const key of Object.keys(value)) {
      const at = path === '' ? key : `${path}.${key}`;
      if (key === '__proto__') return at;
      left.push([at, (value as Record<string, unknown>)[key]]);
    }
  }
  return undefined;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const at = issue.path.map(String).join('.');
  // Rules of our own say what they ask for, and not what they got.
  const received = issue.code === 'custom' ? `; received ${describeValue(issue.input)}` : '';
  return `${at === '' ? '' : `${at}: `}${issue.message}${received}`;
}

/** What is wrong with a value: what it may be, and what it is. */
function sentenceFor(issue: z.core.$ZodRawIssue, part: SchemaPart | undefined): string {
  const {input} = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = part?.properties ? `; there are ${Object.keys(part.properties).join(', ')}` : '';
    return `there is no option ${issue.keys.join(', ')}${known}`;
  }
  if (issue.code === 'invalid_union') {
    const choices = choicesOf(issue);
    const name = nameIn(input, issue['discriminator']);
    if (choices) {
      return `must be one of ${choices.join(', ')}; ${name === undefined ? 'it is missing' : `received ${describeValue(name)}`}`;
    }
  }
  if (input === undefined) return `is missing; it must be ${describePart(part)}`;
  return `must be ${describePart(part)}; received ${describeValue(input)}`;
}

const nameIn = (input: unknown, key: unknown): unknown =>
  typeof input === 'object' && input !== null && typeof key === 'string' ? Reflect.get(input, key) : input;

/** What a person calls something: one line that a terminal shows as it is written. */
export const label: z.ZodString = z
  .string()
  .min(1)
  .refine((text) => printable(text) === text && !/[\n\t]/.test(text), 'must not hold control characters');

/** How many examples a split holds. */
export const exampleCount: z.ZodInt = z.int().min(1).max(1_000_000);

/** The seed that data is drawn with. */
export const dataSeed: z.ZodInt = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** A share of examples, or a probability. */
export const fraction: z.ZodNumber = z.number().min(0).max(1);
