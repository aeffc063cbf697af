/** What a file of the user's holds, by its name; undefined for what is neither a table nor arrays. */
export function kindOfFile(name: string): 'csv' | 'arrays' | undefined {
  if (/\.(csv|tsv|txt)(\.gz)?$/i.test(name)) return 'csv';
  if (/\.(npz|npy)$|ubyte(\.gz)?$|\.idx\d?(\.gz)?$/i.test(name)) return 'arrays';
  return undefined;
}
