import {describeValue} from '../lib/describe-value.ts';
import {RegularizerError} from '../lib/errors.ts';

/**
 * Checks the path of a file.
 *
 * @throws RegularizerError with code `bad-path`
 */
export function checkPath(path: unknown): asserts path is string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return;
  throw new RegularizerError({
    where: 'files',
    code: 'bad-path',
    message: `a path is a text of at least one character; received ${describeValue(path)}`,
    hint: 'It comes first, before what is written. Of a file: URL, give fileURLToPath(url).',
  });
}
