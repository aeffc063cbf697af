import {expect, test} from 'vitest';
import type {Picture} from '../../src/report/picture.ts';
import {pictureSvg, picturesSvg} from '../../src/report/picture-svg.ts';

const plot: Picture = {
  kind: 'plot',
  title: 'Shares & <errors>',
  description: 'They "fall".',
  x: {label: 'a', scale: 'log'},
  y: {label: 'share'},
  series: [
    {label: 'trained', tone: 'measured', draw: 'points', x: [0.01, 0.1, 1], y: [1, 0.5, Number.NaN]},
    {label: 'formula', tone: 'expected', x: [0.01, 0.1, 1], y: [1, 0.5, 0.1]},
  ],
  marks: [
    {label: 'here', x: 0.1},
    {label: 'half', y: 0.5},
  ],
};
const bars: Picture = {
  kind: 'bars',
  title: 'Bars',
  description: 'One is below zero.',
  across: 'weight',
  categories: ['a', 'b', 'c'],
  y: {label: 'value'},
  series: [{label: 'trained', tone: 'measured', values: [1, -1, 0]}],
};
const tiles: Picture = {
  kind: 'tiles',
  title: 'Tiles',
  description: 'A corner is dark.',
  perRow: 2,
  reach: 1,
  tiles: [
    {label: 'one', rows: 2, columns: 3, values: [1, 1, 0, 0, 0, -1]},
    {rows: 1, columns: 1, values: [0.5]},
    {rows: 1, columns: 1, values: [9]},
  ],
};
const all = [plot, bars, tiles];
const heightOf = (svg: string): number => Number(/ height="([\d.]+)"/.exec(svg)![1]);

test.each(all.map((one) => [one.kind, one] as const))('%s: what cannot be seen is said', (_, picture) => {
  const svg = pictureSvg(picture);
  const escaped = (text: string): string =>
    text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replaceAll('"', '&quot;');
  expect(svg).toContain(`<title>${escaped(picture.title)}</title>`);
  expect(svg).toContain(`<desc>${escaped(picture.description)}</desc>`);
  expect(svg).toMatch(/^<svg [^>]*width="380" [^>]*role="img"/);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test('points and lines are where their axes say', () => {
  const svg = pictureSvg(plot);
  // What is not a number is left out; one point is in the legend.
  expect(svg.match(/<circle /g)).toHaveLength(3);
  const [, first, second] = [...svg.matchAll(/<circle class="dot measured" cx="([\d.]+)"/g)].map(([, x]) =>
    Number(x),
  );
  // Of a logarithmic axis from 0.01 to 1, the middle is 0.1.
  expect(first).toBe(50);
  expect(second).toBeCloseTo((50 + 360) / 2, 1);
});

test('a bar goes up or down from zero', () => {
  const svg = pictureSvg(bars);
  const rects = [
    ...svg.matchAll(/<rect class="fill measured" x="[\d.]+" width="[\d.]+" y="([\d.]+)" height="([\d.]+)"/g),
  ];
  const [up, down] = rects.map(([, y, height]) => [Number(y), Number(height)] as const);
  expect(up![0] + up![1]).toBeCloseTo(down![0], 1);
  expect(up![1]).toBeCloseTo(down![1], 1);
});

test('a tile is a path for each shade, neighbours as one', () => {
  const svg = pictureSvg(tiles);
  expect(svg).toContain('<path class="heat" fill-opacity="1" d="M0 0h2v1h-2z"/>');
  expect(svg).toContain('<path class="heat cold" fill-opacity="1" d="M2 1h1v1h-1z"/>');
  expect(svg.match(/<path class="heat/g)).toHaveLength(4); // 9 is no deeper than the reach
});

test('points lie on the grid that they are on, and those that are missed are ringed', () => {
  const svg = pictureSvg({
    ...tiles,
    perRow: 1,
    heat: 'groups',
    tiles: [
      {
        rows: 2,
        columns: 2,
        values: [1, 1, -1, 0],
        points: [
          {column: 0, row: 2, group: 'first', isMissed: false},
          {column: 1, row: 1, group: 'second', isMissed: true},
        ],
      },
    ],
  });
  expect(svg).toContain('<path class="heat first" fill-opacity="0.5" d="M0 0h2v1h-2z"/>');
  expect(svg).toContain('<path class="heat second" fill-opacity="0.5" d="M0 1h1v1h-1z"/>');
  const [, x, y] = /translate\(([\d.]+),([\d.]+)\) scale\(178\.000\)/.exec(svg)!.map(Number);
  expect(svg).toContain(`<circle class="dot first" cx="${x}" cy="${y! + 2 * 178}" r="2.8"/>`);
  const middle = `cx="${x! + 178}" cy="${y! + 178}"`;
  expect(svg).toContain(
    `<circle class="ring" ${middle} r="5"/><circle class="dot second" ${middle} r="2.8"/>`,
  );
  expect(svg.match(/"ring"/g)).toHaveLength(1);
});

test('several are below each other, and nothing is still a picture', () => {
  const heights = all.map((one) => heightOf(pictureSvg(one)));
  expect(heightOf(picturesSvg('All', all))).toBeCloseTo(
    heights.reduce((sum, one) => sum + one, 0),
    1,
  );
  const empty = {title: 'None', description: 'Nothing.', series: []};
  const x = {label: ''};
  expect(pictureSvg({...empty, kind: 'plot', x, y: x})).not.toMatch(/NaN|Infinity/);
  expect(pictureSvg({...empty, kind: 'bars', across: '', categories: [], y: x})).not.toMatch(/NaN|Infinity/);
  expect(pictureSvg({...empty, kind: 'tiles', perRow: 3, reach: 1, tiles: []})).not.toMatch(/NaN|Infinity/);
});

test('a page that allows no styles gets none', () => {
  expect(pictureSvg(plot)).toContain('<style>');
  expect(pictureSvg(plot, {styled: false})).not.toMatch(/<style|style=/);
});
