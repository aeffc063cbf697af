// What a comparison of the lab came to, as a picture of bars.

/** What `lab compare` has measured: see `scripts/measured.mjs`. */
export interface Measured {
  readonly command: string;
  readonly backend: string;
  readonly seeds: number;
  /** The recipe that all have in common. */
  readonly base: object;
  readonly rows: readonly {
    readonly name: string;
    /** Test error, mean over seeds, as a share. */
    readonly mean: number;
    readonly standardError: number;
    readonly regularizers: readonly object[];
  }[];
}

/** The lab's page, with a recipe in its form. */
export const labAddress = (recipe: object): string =>
  `lab/index.html#recipe=${encodeURIComponent(JSON.stringify(recipe))}`;

/** The recipe of a row. */
export const recipeOf = ({base}: Measured, {name, regularizers}: Measured['rows'][number]): object => ({
  ...base,
  name: name.replace(' *', ''),
  regularizers,
});

const step = 34;
const left = 124;
const width = 520;
const longest = width - left - 66;

/** Test errors as bars, the baseline's first; colours are the site's, light and dark. */
export function comparisonPicture(measured: Measured): string {
  const {rows} = measured;
  const highest = Math.max(...rows.map(({mean, standardError}) => mean + standardError));
  const x = (value: number): number => Number(((longest * value) / highest).toFixed(1));
  const bars = rows.map(({name, mean, standardError}, index) => {
    const y = 4 + index * step;
    const kind = name === 'baseline' ? 'baseline' : name.startsWith('all') ? 'all' : 'one';
    return [
      `<text class="name" x="${left - 10}" y="${y + 18}" text-anchor="end">${name.replace(' *', '')}</text>`,
      `<rect class="${kind}" x="${left}" y="${y}" width="${x(mean)}" height="26" rx="4"/>`,
      `<line class="spread" x1="${left + x(mean - standardError)}" x2="${left + x(mean + standardError)}" y1="${y + 13}" y2="${y + 13}"/>`,
      `<text class="value" x="${left + x(mean + standardError) + 8}" y="${y + 18}">${(100 * mean).toFixed(1)} %</text>`,
    ].join('');
  });
  return `<svg class="comparison" viewBox="0 0 ${width} ${8 + rows.length * step}" role="img" aria-label="Test errors without and with regularizers">${bars.join('')}</svg>`;
}
