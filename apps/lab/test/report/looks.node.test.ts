// What a report shows of models: the page's charts, as SVG.
import {readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {makeData} from '../../src/data/catalog.ts';
import {defaultRecipe} from '../../src/defaults.ts';
import type {Look} from '../../src/looks/look.ts';
import {isPacked, packed, unpacked} from '../../src/looks/packed.ts';
import {surfaceWords} from '../../src/looks/words.ts';
import type {RecipeInput} from '../../src/recipe.ts';
import {looksHtml, looksStyle} from '../../src/report/looks.ts';
import {svgPaper} from '../../src/report/svg-paper.ts';
import {runRecipe} from '../../src/run.ts';

const lookOf = async (given: Partial<RecipeInput>): Promise<Look> => {
  const recipe = defaultRecipe({epochs: 1, ...given});
  const data = await makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))});
  const {look} = await runRecipe(recipe, {data, look: true});
  return unpacked(JSON.parse(JSON.stringify(look)));
};
const moons: Partial<RecipeInput> = {data: {name: 'moons', train: 60, validation: 10, test: 40}};
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

test('the plane has each place, each point once, and a ring around each that is wrong', async () => {
  const look = await lookOf(moons);
  const html = looksHtml([{name: 'a <b>', look}]);
  const {labels, guesses} = look.surface!;
  const wrong = labels.filter((label, at) => label !== guesses[at]).length;
  expect(labels).toHaveLength(60);
  expect(count(html, /<circle [^>]*r="4.5"/g)).toBe(60);
  expect(count(html, /<circle [^>]*r="7" fill="none"/g)).toBe(wrong);
  expect(html).toContain(`${wrong} of 60 training points ringed`);
  // Every place is in one path: as many as the surface has.
  const runs = [...html.matchAll(/M\d+ \d+h(\d+)v1h-\d+z/g)].map(([, length]) => Number(length));
  expect(runs.reduce((sum, one) => sum + one, 0)).toBe(look.surface!.side ** 2);
  expect(html).toContain('<h3>a &lt;b&gt;</h3>');
});

test('a curve has the band of its members, and classes what was taken for what, how sure, and mistakes', async () => {
  const wave = looksHtml([
    {name: 'wave', look: await lookOf({data: {name: 'wave'}, regularizers: [{name: 'bagging', members: 2}]})},
  ]);
  expect(wave).toContain('The mean of 2 predictions, in the band');
  expect(count(wave, /<svg /g)).toBe(1);
  const look = await lookOf({
    data: {name: 'glyphs', train: 60, validation: 20, test: 100},
    model: {name: 'mlp', hidden: [16]},
  });
  const glyphs = looksHtml([{name: 'glyphs', look}]);
  expect(look.judged!.mistakes).toHaveLength(6);
  expect(count(glyphs, /<svg /g)).toBe(2 + 6);
  expect(glyphs).toMatch(/Expected calibration error \(ECE\): \d/);
  for (const html of [wave, glyphs]) {
    expect(html).not.toMatch(/NaN|Infinity|undefined|<script|url\(/);
    expect(html.length).toBeLessThan(70_000);
  }
});

test('a look survives JSON as it was, and what is damaged is none', async () => {
  const look = await lookOf(moons);
  const json = JSON.parse(JSON.stringify(packed(look)));
  expect(unpacked(json)).toEqual(look);
  expect(isPacked(json)).toBe(true);
  const {surface, judged} = json;
  for (const changed of [
    {...json, surface: {...surface, classes: surface.classes.slice(4)}},
    {...json, surface: {...surface, points: 'no base64'}},
    {...json, surface: {...surface, points: surface.labels}},
    {...json, judged: {...judged, confusion: [[1]]}},
    'text',
  ]) {
    expect(isPacked(changed)).toBe(false);
  }
});

test('a report is asked for it, or has none; what has nothing to show has none', async () => {
  const recipe = defaultRecipe({...moons, epochs: 1});
  const data = await makeData(recipe.data, {mnist: () => Promise.reject(new Error('not asked for'))});
  expect(await runRecipe(recipe, {data})).not.toHaveProperty('look');
  const other = defaultRecipe({
    data: {name: 'diabetes', train: 20},
    model: {name: 'mlp', hidden: [4]},
    epochs: 1,
  });
  const measures = await makeData(other.data, {mnist: () => Promise.reject(new Error('not asked for'))});
  expect(await runRecipe(other, {data: measures, look: true})).not.toHaveProperty('look');
});

test('its colours are those of the page, light and dark', async () => {
  const css = await readFile(new URL('../../src/web/style/colours.css', import.meta.url), 'utf8');
  const colours = (text: string): string[] =>
    [...text.matchAll(/--(?:run-\d|edge|good|bad): #\w+/g)].map(([one]) => one).toSorted();
  const halves = (text: string): string[][] => text.split('@media').map(colours);
  expect(halves(looksStyle)).toEqual(halves(css));
});

test('a pen draws as a canvas does', () => {
  const paper = svgPaper(40, 20);
  const {pen} = paper;
  pen.fillStyle = paper.colour('--ink');
  pen.globalAlpha = 0.5;
  pen.fillRect(1, 2, 3, 4);
  pen.globalAlpha = 1;
  pen.strokeStyle = 'red';
  pen.setLineDash([4, 4]);
  pen.beginPath();
  pen.moveTo(0, 0);
  pen.lineTo(9.87, 5);
  pen.stroke();
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  pen.fillText('<a>', 5, 6);
  paper.paint({columns: 3, rows: 1, isSmooth: true}, {x: 0, y: 0, width: 30, height: 10}, (index) =>
    index < 2 ? [255, 0, 136] : {ink: '--run-1', depth: 1},
  );
  expect(paper.svg('what <it> is')).toBe(
    [
      '<svg class="look" width="40" height="20" viewBox="0 0 40 20" role="img" aria-label="what &lt;it&gt; is">',
      '<rect x="1" y="2" width="3" height="4" fill="var(--ink)" opacity="0.5"/>',
      '<path d="M0 0L9.9 5" fill="none" stroke="red" stroke-width="1" stroke-dasharray="4 4"/>',
      '<text x="5" y="6" text-anchor="end" dominant-baseline="central" fill="var(--ink)">&lt;a&gt;</text>',
      '<g transform="translate(0,0) scale(10,10)" shape-rendering="crispEdges">',
      '<path fill="#f08" d="M0 0h2v1h-2z"/><path fill="var(--run-1)" fill-opacity="1" d="M2 0h1v1h-1z"/></g></svg>',
    ].join(''),
  );
});

test('words say how many are wrong', () => {
  const {labels, guesses} = {labels: Int32Array.of(0, 1, 1), guesses: Uint8Array.of(0, 0, 1)};
  expect(surfaceWords({labels, guesses} as never).caption).toMatch(/^1 of 3 training points ringed/);
});

test('a count is written in the colour that its cell lets be read', () => {
  const html = looksHtml([
    {
      name: 'a',
      look: {
        judged: {
          classNames: ['A', 'B'],
          // Of 100 of each, all right; and 10 right, 90 wrong.
          confusion: [
            [100, 0],
            [90, 10],
          ],
          calibration: {error: 0, bins: []},
          mistakes: [],
        },
      },
    },
  ]);
  const colourOf = (times: number): string | undefined =>
    new RegExp(`fill="var\\((--\\w+)\\)">${times}</text>`).exec(html)?.[1];
  expect([100, 90, 10].map(colourOf)).toEqual(['--paper', '--paper', '--ink']);
});
