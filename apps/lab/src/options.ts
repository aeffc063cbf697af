import {RegularizerError} from '@regularizers/core';
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
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new RegularizerError({
    where,
    code: 'bad-option',
    message: result.error.issues.map(describeIssue).join('; '),
    cause: result.error,
  });
}

function describeIssue({path, message}: z.core.$ZodIssue): string {
  const at = path.map(String).join('.');
  return at === '' ? message : `${at}: ${message}`;
}

/** How many examples a split holds. */
export const exampleCount: z.ZodInt = z.int().min(1).max(1_000_000);

/** The seed that data is drawn with. */
export const dataSeed: z.ZodInt = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** A share of examples, or a probability. */
export const fraction: z.ZodNumber = z.number().min(0).max(1);
