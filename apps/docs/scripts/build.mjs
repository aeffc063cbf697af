// Builds the site into apps/docs/dist. `--sample <seed>` leaves most pages of the reference out, for suites.
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {importSource} from '../../lab/scripts/source.mjs';

const {sample} = parseArgs({options: {sample: {type: 'string'}}}).values;
const {buildSite} = await importSource(fileURLToPath(new URL('../src/build.ts', import.meta.url)));
try {
  await buildSite(sample === undefined ? {} : {sample: Number(sample)});
} catch (error) {
  console.error(error);
  process.exit(1);
}
process.exit();
