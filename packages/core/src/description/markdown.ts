import {computed} from '../lib/computed.ts';
import {describeKind} from './check.ts';
import type {AnyOption, OptionRecord} from './option.ts';
import type {Technique} from './technique.ts';

/**
 * The options of techniques as sections of Markdown with a table each, for a README: what `toJsonSchema` is for
 * editors.
 *
 * @example
 * ```ts
 * import {techniques} from '@regularizers/dropout';
 *
 * const text = optionsMarkdown(techniques);
 * ```
 */
export function optionsMarkdown(techniques: readonly Technique[]): string {
  return computed('optionsMarkdown', {techniques}, () =>
    techniques
      .map(({name, about, options}) =>
        [`### \`${name}\``, about, tableOf(options)].filter(Boolean).join('\n\n'),
      )
      .join('\n\n'),
  );
}

const titles = ['option', 'what it does', 'kind', 'default', 'a search draws from'];

function tableOf(options: OptionRecord): string {
  const rows = rowsOf(options, '');
  return rows.length === 0 ? '' : markdownTable(titles, rows);
}

/** A table whose columns are as wide as their longest cell, as formatters leave it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return computed('markdownTable', {head, rows}, () => {
    const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
    const widths = head.map((title, column) =>
      Math.max(...[title, ...escaped.map((row) => row[column] ?? '')].map((cell) => [...cell].length)),
    );
    const line = (cells: readonly string[]): string =>
      `| ${widths.map((width, column) => padded(cells[column] ?? '', width)).join(' | ')} |`;
    return [line(head), line(widths.map((width) => '-'.repeat(width))), ...escaped.map(line)].join('\n');
  });
}

const padded = (cell: string, width: number): string => cell + ' '.repeat(width - [...cell].length);

function rowsOf(options: OptionRecord, before: string): readonly (readonly string[])[] {
  return Object.entries(options).flatMap(([key, option]) => {
    const nested = option.kind === 'record' ? rowsOf(option.fields, `${before}${key}.`) : [];
    const kind = option.unit ? `${describeKind(option)}, in ${option.unit}` : describeKind(option);
    const row = [`\`${before}${key}\``, aboutOf(option), kind, defaultOf(option), searchOf(option)];
    return [row, ...nested];
  });
}

function aboutOf({about, when = {}}: AnyOption): string {
  const conditions = Object.entries(when).map(([key, values]) => `${key} ${values.map(String).join(' or ')}`);
  return conditions.length === 0 ? about : `${about} Only with ${conditions.join(', ')}.`;
}

function defaultOf({required, default: initial, otherwise}: AnyOption): string {
  if (required) return 'required';
  if (initial === undefined || typeof initial === 'function') return otherwise ?? '';
  return `\`${typeof initial === 'number' ? short(initial) : JSON.stringify(initial)}\``;
}

function searchOf({search}: AnyOption): string {
  if (!search) return '';
  if ('values' in search) return search.values.map((value) => JSON.stringify(value)).join(', ');
  const {from, to, scale} = search;
  const words = {linear: '', log: ', by its logarithm', logOfRest: ', by the logarithm of 1 less it'};
  return `${short(from)} to ${short(to)}${words[scale]}`;
}

/** `1e-4` for 0.0001. */
const short = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-2 ? value.toExponential() : String(value);
