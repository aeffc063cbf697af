export function readCsv(url: URL): Promise<{readonly x: number[][]; readonly y: number[][]}>;
/** The root mean squared error of each way on rows that had no say in the training. */
export function compare(options?: {
  readonly seed?: number;
  readonly epochs?: number;
  readonly folds?: number;
}): Promise<Readonly<Record<string, number>>>;
