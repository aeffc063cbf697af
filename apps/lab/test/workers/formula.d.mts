export function errorAt(trial: {
  readonly point: Readonly<Record<string, unknown>>;
  readonly seed: number;
}): number;
