/** The share of new photographs that each way tells right: the mean of runs with several seeds. */
export function compare(options?: {
  readonly seeds?: readonly number[];
  readonly epochs?: number;
}): Promise<Readonly<Record<string, number>>>;
