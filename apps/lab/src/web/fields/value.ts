import type {LeafField, Options, Range} from './field.ts';

/** The value at a field's place, undefined where there is none. */
export function valueAt(options: Options, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((value, part) => (isNested(value) ? value[part] : undefined), options);
}

/** The options with another value at a field's place; undefined takes it out, and what it leaves empty with it. */
export function withValue(options: Options, key: string, value: unknown): Options {
  const [head, rest] = split(key);
  const next = rest === undefined ? value : within(options[head], rest, value);
  const {[head]: _, ...others} = options;
  if (next === undefined) return others;
  return head in options ? {...options, [head]: next} : {...others, [head]: next};
}

/** The same in what is nested. An entry of a list stays, even with nothing in it. */
function within(nested: unknown, key: string, value: unknown): unknown {
  if (Array.isArray(nested)) {
    const [index, rest] = split(key);
    const next = rest === undefined ? value : within(nested[Number(index)], rest, value);
    return nested.with(Number(index), next ?? {});
  }
  const next = withValue(isOptions(nested) ? nested : {}, key, value);
  return Object.keys(next).length === 0 ? undefined : next;
}

function split(key: string): readonly [head: string, rest: string | undefined] {
  const dot = key.indexOf('.');
  return dot < 0 ? [key, undefined] : [key.slice(0, dot), key.slice(dot + 1)];
}

/** A value as its control shows it. */
export function toText(field: LeafField, value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  const isList = field.kind === 'words' || field.kind === 'numbers';
  if (isList && Array.isArray(value) && value.every(isPlain)) return value.map(String).join(', ');
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/**
 * What was typed, as a value for a recipe; undefined for nothing. What can't be read stays text, so that whoever
 * checks the recipe says what is wrong with it.
 */
export function fromText(field: LeafField, text: string): unknown {
  const typed = text.trim();
  if (typed === '') return undefined;
  switch (field.kind) {
    case 'number':
      return toNumber(typed);
    case 'json':
      return fromJson(typed);
    case 'words':
    case 'numbers': {
      if (/^[[{]/.test(typed)) return fromJson(typed);
      const entries = typed
        .split(field.kind === 'words' ? /\s*,\s*/ : /[\s,;]+/)
        .filter((entry) => entry !== '')
        .map((entry) => (field.kind === 'words' ? entry : toNumber(entry)));
      return field.lone && entries.length === 1 ? entries[0] : entries;
    }
    default:
      return typed;
  }
}

/** `0 – 1`, `≥ 2`, `0 – < 1`: what a number may be; nothing where that goes without saying. */
export function rangeText({min, max, above, below}: Range): string {
  const high = max === undefined ? (below === undefined ? '' : `< ${below}`) : max.toLocaleString('en');
  if (above !== undefined) return high === '' ? `> ${above}` : `> ${above}, ≤ ${high}`;
  if (min === undefined) return high && (max === undefined ? high : `≤ ${high}`);
  const isNatural = min === 0 || min === 1;
  if (high === '' || (isNatural && (max ?? 0) >= 100_000)) return isNatural ? '' : `≥ ${min}`;
  return `${min} – ${high}`;
}

const toNumber = (text: string): number | string | null => {
  if (text === 'null') return null;
  return Number.isFinite(Number(text)) ? Number(text) : text;
};

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const isPlain = (value: unknown): boolean => value === null || typeof value !== 'object';

/** An object, and no list. */
export const isOptions = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNested = (value: unknown): value is Options => typeof value === 'object' && value !== null;
