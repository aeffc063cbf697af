import {RegularizerError, type RegularizerErrorData} from '@regularizers/core';

/** An error on its way between processes or threads: plain JSON. */
export type SentError = RegularizerErrorData;

/** Takes an error apart. */
export function sendError(error: unknown): SentError {
  if (RegularizerError.isInstance(error)) return error.toJSON();
  return {
    where: 'lab',
    code: 'unexpected',
    message: error instanceof Error ? error.message : String(error),
  };
}
