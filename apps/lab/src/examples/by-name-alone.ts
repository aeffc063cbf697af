/**
 * What a search over whole models has no use for unless it is asked for by name: `pipeline` is of techniques that are there by
 * themselves, `stopWhen` ends by the clock, `monteCarlo` changes predictions of dropout alone, and the two of fine-tuning are
 * for models that were trained before.
 */
export const byNameAlone: ReadonlySet<string> = new Set([
  'pipeline',
  'stopWhen',
  'monteCarlo',
  'layerwiseLearningRates',
  'gradualUnfreezing',
]);
