import {describeValue, printable, RegularizerError, type RegularizerErrorOptions} from '@regularizers/core';
import {z} from 'zod';

/**
 * Checks options that came from outside (a recipe, a command line, a form) and fills in the defaults.
 *
 * @param where who complains, such as `'glyphs'` or `'mlp'`
 * @throws RegularizerError with code `bad-option`, naming each option that is wrong
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
  const result = schema.safeParse(options, {reportInput: true});
  if (result.success) return result.data;
  throw new RegularizerError({
    where,
    code: 'bad-option',
    message: result.error.issues.map(describeIssue).join('; '),
    ...firstOf(result.error),
    cause: result.error,
  });
}

/** What an error of several issues says of one option: it is that of the first. */
function firstOf({issues: [issue]}: z.core.$ZodError): Partial<RegularizerErrorOptions> {
  if (!issue || issue.path.length === 0) return {};
  const choices = choicesOf(issue);
  return {
    option: issue.path
      .map((part, depth) =>
        typeof part === 'number' ? `[${part}]` : `${depth > 0 ? '.' : ''}${String(part)}`,
      )
      .join(''),
    ...(issue.input === undefined ? {} : {received: issue.input}),
    ...(choices ? {allowed: {enum: choices}} : {}),
  };
}

function choicesOf(issue: z.core.$ZodIssue): readonly unknown[] | undefined {
  if (issue.code === 'invalid_value') return issue.values;
  return issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)
    ? issue.options
    : undefined;
}

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
  const message = messageOf(issue);
  return at === '' ? message : `${at}: ${message}`;
}

/** Zod's own words, but for names: those are listed. */
function messageOf(issue: z.core.$ZodIssue): string {
  const received = describeValue(issue.input);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return `must be one of ${issue.options.join(', ')}; received ${nameIn(issue.input, issue.discriminator)}`;
  }
  if (issue.code === 'invalid_value') {
    return `must be one of ${issue.values.map(String).join(', ')}; received ${received}`;
  }
  if (issue.code === 'unrecognized_keys') return `there is no option ${issue.keys.join(', ')}`;
  return issue.input === undefined ? issue.message : `${issue.message}; received ${received}`;
}

function nameIn(input: unknown, key: string | undefined): string {
  const isRecord = typeof input === 'object' && input !== null && key !== undefined;
  return describeValue(isRecord ? (input as Record<string, unknown>)[key] : input);
}

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
