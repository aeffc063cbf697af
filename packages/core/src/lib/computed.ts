import {describeValue} from './describe-value.ts';
import {RegularizerError} from './errors.ts';
import {looking, memberOf} from './given.ts';
import {scope} from './scope.ts';

/**
 * Computes a helper's result from what its caller gave, in a scope: of the tensors made only those in the result are
 * left. Types say what a helper takes; whatever goes wrong is then what was given, and is said to be that, in words
 * that hold it. What a helper calls back for the user does not belong in here: its errors are the user's own.
 *
 * @param where the helper's name
 * @param given what its caller gave, by name
 * @throws RegularizerError with code `not-computable`, or what `compute` itself throws of that kind
 *
 * @example
 * ```ts
 * type Interval = readonly [min: number, max: number];
 * function invertedImages(images: tf.Tensor4D, range: Interval): tf.Tensor4D {
 *   return computed('invertedImages', {images, range}, () => tf.sub(range[0] + range[1], images));
 * }
 * ```
 */
export function computed<Result>(
  where: string,
  given: Readonly<Record<string, unknown>>,
  compute: () => Result,
): Result {
  try {
    return scope(compute);
  } catch (cause) {
    if (RegularizerError.isInstance(cause)) throw cause;
    const names = looking(where, 'what was given', () => Object.keys(given));
    const shown = names.map((name) => `${name}: ${describeValue(memberOf(given, name))}`);
    throw new RegularizerError({
      where,
      code: 'not-computable',
      message: `there is no result for ${shown.join(', ')}`,
      hint: `The reason: ${describeValue(memberOf(cause, 'message') ?? cause)}`,
      received: given,
      cause,
    });
  }
}
