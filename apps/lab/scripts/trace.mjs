// Trains on the page for minutes, and says how long its thread was held up and what it kept in memory:
//   node apps/lab/scripts/trace.mjs [--minutes 10] [--data glyphs]
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {importSource} from './source.mjs';

const longestAllowed = 200; // milliseconds of a task, by processor time
const growthAllowed = 8; // megabytes of the page's objects

const {values} = parseArgs({
  options: {minutes: {type: 'string', default: '10'}, data: {type: 'string', default: 'glyphs'}},
});
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const {servePage} = await importSource(here('../test/page.ts'));
const {openRecipe, press} = await importSource(here('../test/page-states.ts'));
const {heapOf, processMemory, watchTasks} = await importSource(here('../test/long-run.ts'));
const folder = await mkdtemp(join(tmpdir(), 'lab-trace-'));
const served = await servePage(folder);
const {browser, origin} = served;
const minutes = Number(values.minutes);
let isGood = true;
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  await openRecipe(page, origin, {
    data: {name: values.data},
    model: {name: 'mlp', hidden: [64]},
    epochs: 100_000,
    regularizers:
      values.data === 'glyphs' ? [{name: 'randomAffine'}, {name: 'dropout'}] : [{name: 'dropout'}],
  });
  await press(page, 'Train');
  await page
    .locator('#progress-text')
    .getByText(/^Epoch \d/)
    .waitFor();
  let first;
  for (let minute = 1; minute <= minutes; minute++) {
    const {longestTask, tasks} = await watchTasks(browser, page, () => page.waitForTimeout(60_000));
    const heap = await heapOf(page);
    const memory = await processMemory(browser);
    first ??= heap;
    isGood &&= tasks > 0 && longestTask <= longestAllowed && heap - first <= growthAllowed;
    const [where] = (await page.locator('#progress-text').textContent()).split('·');
    console.log(
      `minute ${minute}: longest task ${longestTask.toFixed(0)} ms of ${tasks}; objects ${heap.toFixed(1)} MB, process ${memory?.toFixed(0) ?? '?'} MB; ${where.trim()}`,
    );
  }
  await press(page, 'Stop');
  await page.locator('tr[data-run="1"]').waitFor();
} finally {
  await served.close();
  await rm(folder, {recursive: true, force: true});
}
console.log(isGood ? 'As it should be.' : `Not as it should be: ${longestAllowed} ms, ${growthAllowed} MB.`);
process.exit(isGood ? 0 : 1);
