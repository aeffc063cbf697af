/**
 * What stands at a place of a list, for places that are known to be there.
 *
 * @throws RangeError for any other, which is a mistake of ours and nobody's input
 */
export function itemAt<T>(list: ArrayLike<T | undefined>, place: number): T {
  const item = list[place];
  if (item === undefined) throw new RangeError(`there is nothing at ${place} of ${list.length}`);
  return item;
}

/**
 * What a record holds under a name, for names that are known to be there.
 *
 * @throws RangeError for any other, which is a mistake of ours and nobody's input
 */
export function entryOf<T>(record: Readonly<Record<string, T | undefined>>, name: string): T {
  const entry = record[name];
  if (entry === undefined)
    throw new RangeError(`there is no ${name} among ${Object.keys(record).join(', ')}`);
  return entry;
}

/** The only item of a list of one, as tfjs wants it; a longer list as it is. */
export function alone<T>(list: T[]): T | T[];
export function alone<T>(list: readonly T[]): T | readonly T[];
export function alone<T>(list: readonly T[]): T | readonly T[] {
  return list.length === 1 ? itemAt(list, 0) : list;
}

/** The first of what may be one or several. */
export function firstOf<T extends object>(values: T | readonly T[]): T {
  return isList(values) ? itemAt(values, 0) : values;
}

function isList<T>(values: T | readonly T[]): values is readonly T[] {
  return Array.isArray(values);
}
