// Builds the site into apps/docs/dist.
import {fileURLToPath} from 'node:url';
import {importSource} from '../../lab/scripts/source.mjs';

const {buildSite} = await importSource(fileURLToPath(new URL('../src/build.ts', import.meta.url)));
try {
  await buildSite();
} catch (error) {
  console.error(error);
  process.exit(1);
}
process.exit();
