/** The share of other people's seconds that each way tells right. */
export function compare(options?: {
  readonly seeds?: readonly number[];
  readonly epochs?: number;
}): Promise<Readonly<Record<string, number>>>;
