/** What a split of the data follows from, and how to tell it from others: plain JSON, a part of a checkpoint. */
export interface SplitRecord {
  /** Examples that are held out, as a share of all. */
  readonly share: number;
  /** Names of the outputs by whose classes it is stratified; none for one that is not. */
  readonly by: readonly string[];
  /** How many examples are held out. */
  readonly held: number;
  /** Of how many. */
  readonly of: number;
  /** A hash of the places of those that are held out. */
  readonly digest: number;
}
