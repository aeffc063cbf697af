/** A star within a segment, a star across segments, any one character, or a certain one. */
type Part = {readonly kind: 'star' | 'deep' | 'one'} | {readonly kind: 'is'; readonly character: string};

/**
 * Turns a glob into a predicate of names: `*` is any characters within a segment, `**` any characters across
 * segments, `?` one character within a segment, and all else stands for itself.
 *
 * It is no regular expression, since those try again from every place that a star may end at: selectors come from
 * shared links too, and a dozen stars would hold a page for minutes. This takes one pass over a name, with the places
 * in the glob that it may be at: at most (characters of the name)² steps, however long the glob is.
 *
 * @param glob - the glob
 * @param onStep - is told of each step, for those who count them
 * @returns whether a name is one that the glob stands for
 */
export function globMatcher(glob: string, onStep: () => void = () => undefined): (name: string) => boolean {
  const parts = partsOf(glob);
  const shortest = parts.filter(({kind}) => kind === 'one' || kind === 'is').length;
  return (name) => {
    const characters = [...name];
    // There is at most one star beside each other part, so that this bounds the parts by the name.
    if (shortest > characters.length) return false;
    let places = withSkips(parts, [0]);
    for (const character of characters) {
      places = withSkips(parts, advance(parts, places, character, onStep));
      if (places.length === 0) return false;
    }
    return places.at(-1) === parts.length;
  };
}

/** Neighbouring stars are one: the one that goes further. */
function partsOf(glob: string): readonly Part[] {
  return (glob.match(/\*+|[^*]/gsu) ?? []).map((text): Part => {
    if (text.startsWith('*')) return {kind: text.length > 1 ? 'deep' : 'star'};
    return text === '?' ? {kind: 'one'} : {kind: 'is', character: text};
  });
}

/** Rising places in the glob, and those that its stars let one skip to without a character. */
function withSkips(parts: readonly Part[], places: readonly number[]): readonly number[] {
  const all: number[] = [];
  for (const place of new Set(places)) {
    if (all.at(-1) !== place) all.push(place);
    const kind = parts[place]?.kind;
    if (kind === 'star' || kind === 'deep') all.push(place + 1);
  }
  return all;
}

/** Where one more character leads from each place: rising, as the places are; some may come twice. */
function advance(
  parts: readonly Part[],
  places: readonly number[],
  character: string,
  onStep: () => void,
): readonly number[] {
  const isEnd = character === '/';
  const next: number[] = [];
  for (const place of places) {
    onStep();
    const part = parts[place];
    if (part === undefined) continue;
    if (part.kind === 'deep' || (part.kind === 'star' && !isEnd)) next.push(place);
    if (part.kind === 'one' && !isEnd) next.push(place + 1);
    if (part.kind === 'is' && part.character === character) next.push(place + 1);
  }
  return next;
}
