// What a comparison of the lab came to, as a picture of bars.
import type {ComparisonRow, TableReport} from '../../lab/src/report/rows.ts';

/** What `lab compare` has measured: see `scripts/measured.mjs`. */
export interface Measured {
  readonly command: string;
  readonly backend: string;
  readonly seeds: number;
  readonly tables: readonly MeasuredTable[];
}

/** One of its tables: the lab's report on it, with what each row was trained with. */
export interface MeasuredTable extends TableReport {
  /** The recipe that all have in common. */
  readonly base: object;
  readonly rows: readonly MeasuredRow[];
}

/** One of a table's rows. */
interface MeasuredRow extends ComparisonRow {
  readonly regularizers: readonly object[];
}

/** The lab's page, with a recipe in its form. */
export const labAddress = (recipe: object): string =>
  `lab/index.html#recipe=${encodeURIComponent(JSON.stringify(recipe))}`;

/** The recipe of a row. */
export const recipeOf = (
  {base}: MeasuredTable,
  {name, regularizers}: MeasuredTable['rows'][number],
): object => ({...base, name, regularizers});

const step = 22;
const bar = 16;
const title = 26;
const left = 140; // on a phone, too, where letters are larger
const width = 520;
const longest = width - left - 66;

/**
 * Test errors as bars, a table above the other on one scale, the baseline's first; colours are the site's, light and dark,
 * and paler where a difference is within chance.
 */
export function comparisonPicture({tables}: Measured): string {
  const highest = Math.max(
    ...tables.flatMap(({rows}) => rows.map(({test}) => test.mean + test.standardError)),
  );
  const x = (value: number): number => Number(((longest * value) / highest).toFixed(1));
  let y = 0;
  const parts: string[] = [];
  for (const {name, labelNoise, rows} of tables) {
    const share = labelNoise > 0 ? `: ${Number((100 * labelNoise).toPrecision(3))} %` : '';
    parts.push(`<text class="title" x="${left}" y="${y + 17}">${name}${share}</text>`);
    y += title;
    for (const row of rows) {
      parts.push(barOf(row, y, x));
      y += step;
    }
    y += step / 2;
  }
  return `<svg class="comparison" viewBox="0 0 ${width} ${y}" role="img" aria-label="Test errors without and with regularizers">${parts.join('')}</svg>`;
}

function barOf(
  {name, test: {mean, standardError}, againstBaseline}: MeasuredRow,
  y: number,
  x: (value: number) => number,
): string {
  const word = againstBaseline?.word;
  const kind = word === undefined ? 'baseline' : word === 'helps' || word === 'hurts' ? 'sure' : 'chance';
  const middle = y + bar / 2;
  return [
    `<text class="name" x="${left - 10}" y="${y + 13}" text-anchor="end">${name}</text>`,
    `<rect class="${kind}" x="${left}" y="${y}" width="${x(mean)}" height="${bar}" rx="3"/>`,
    `<line class="spread" x1="${left + x(mean - standardError)}" x2="${left + x(mean + standardError)}" y1="${middle}" y2="${middle}"/>`,
    `<text class="value" x="${left + x(mean + standardError) + 8}" y="${y + 13}">${(100 * mean).toFixed(1)} %</text>`,
  ].join('');
}
