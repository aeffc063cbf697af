/**
 * True where `REGULARIZERS_THOROUGH=1` is set in the environment (of a browser, in `process.env` if it has one): suites that try a covering sample, so that they
 * stay quick, then try the whole.
 */
export const isThorough: boolean =
  typeof process !== 'undefined' && process.env?.['REGULARIZERS_THOROUGH'] === '1';
