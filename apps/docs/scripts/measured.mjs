// Takes what the landing page shows out of a result of the lab:
//   npm start && node apps/docs/scripts/measured.mjs results/compare-glyphs-mlp.json
import {readFile, writeFile} from 'node:fs/promises';

const {comparison, rows, backend} = JSON.parse(await readFile(process.argv[2], 'utf8'));
const {base, entries, seeds} = comparison;
const measured = {
  command: 'npm start',
  backend,
  seeds: seeds.length,
  base,
  rows: rows.map(({name, testErrorMean, testErrorStandardError}) => ({
    name,
    mean: testErrorMean,
    standardError: testErrorStandardError,
    regularizers: entries.find((entry) => entry.name === name.replace(/ \*$/, '')).regularizers,
  })),
};
await writeFile(
  new URL('../measured/glyphs.json', import.meta.url),
  `${JSON.stringify(measured, null, 2)}\n`,
);
