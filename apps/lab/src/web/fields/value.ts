import type {Field, Options, Range} from './field.ts';

/** The value at a field's place, undefined where there is none. */
export function valueAt(options: Options, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((value, part) => (isOptions(value) ? value[part] : undefined), options);
}

/** The options with another value at a field's place; undefined takes it out, and what it leaves empty with it. */
export function withValue(options: Options, key: string, value: unknown): Options {
  const dot = key.indexOf('.');
  const head = dot < 0 ? key : key.slice(0, dot);
  const next = dot < 0 ? value : nestedIn(options[head], key.slice(dot + 1), value);
  const {[head]: _, ...rest} = options;
  if (next === undefined) return rest;
  return head in options ? {...options, [head]: next} : {...rest, [head]: next};
}

function nestedIn(options: unknown, key: string, value: unknown): Options | undefined {
  const next = withValue(isOptions(options) ? options : {}, key, value);
  return Object.keys(next).length === 0 ? undefined : next;
}

/** A value as its control shows it. */
export function toText(field: Field, value: unknown): string {
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
export function fromText(field: Field, text: string): unknown {
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

const isOptions = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
