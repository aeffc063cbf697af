// Pictures of the page, of every state that `test/page-states.ts` knows, wide and narrow, light and dark:
//   node apps/lab/scripts/screenshots.mjs [--out results/screenshots] [--only pictures,compared] [--look 1440-light] [--scale 1]
// Those of the README:
//   node apps/lab/scripts/screenshots.mjs --out docs/pictures --only first-visit,own-data --look 1440-light --scale 1
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {importSource} from './source.mjs';

const {values} = parseArgs({
  options: {
    out: {type: 'string', default: 'results/screenshots'},
    only: {type: 'string'},
    look: {type: 'string'},
    scale: {type: 'string', default: '2'},
  },
});
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const {servePage} = await importSource(here('../test/page.ts'));
const {dress, looks, pageStates} = await importSource(here('../test/page-states.ts'));
const out = resolve(values.out);
await mkdir(out, {recursive: true});
const folder = await mkdtemp(join(tmpdir(), 'lab-screenshots-'));
const served = await servePage(folder);
try {
  const page = await served.browser.newPage({deviceScaleFactor: Number(values.scale)});
  page.setDefaultTimeout(300_000);
  page.on('dialog', (dialog) => dialog.accept());
  const wanted = values.only?.split(',');
  for (const {name, reach} of pageStates(served.origin, 'whole')) {
    await dress(page, looks[0]);
    await reach(page);
    if (wanted && !wanted.includes(name)) continue;
    for (const look of looks) {
      if (values.look && values.look !== `${look.width}-${look.scheme}`) continue;
      await dress(page, look);
      // As high as it is, where it is scrolled as a whole: the bar lies at its foot.
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      if (look.width < 900) await page.setViewportSize({width: look.width, height});
      // Two frames: one to lay out, one in which canvases are drawn anew.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      const path = join(out, `${name}-${look.width}-${look.scheme}.png`);
      await page.screenshot({path});
      console.log(path);
    }
  }
} finally {
  await served.close();
  await rm(folder, {recursive: true, force: true});
}
process.exit();
