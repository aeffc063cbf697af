// Takes what the landing page and READMEs show out of a result of the lab:
//   npm start && node apps/docs/scripts/measured.mjs results/compare-glyphs-mlp.json && npm run tables
import {readFile, writeFile} from 'node:fs/promises';

const {comparison, tables, backend} = JSON.parse(await readFile(process.argv[2], 'utf8'));
const measured = {
  command: 'npm start',
  backend,
  seeds: comparison.seeds.length,
  tables: tables.map((table) => {
    const {base, entries} = comparison.tables.find(({name}) => name === table.name);
    const rows = table.rows.map((row) => ({
      ...row,
      regularizers: entries.find(({name}) => name === row.name).regularizers,
    }));
    return {...table, base, rows};
  }),
};
await writeFile(
  new URL('../measured/glyphs.json', import.meta.url),
  `${JSON.stringify(measured, null, 2)}\n`,
);
