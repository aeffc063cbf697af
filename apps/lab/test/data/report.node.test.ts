import {expect, it} from 'vitest';
import {dataNames, dataSchema} from '../../src/data/catalog.ts';
import {splitText} from '../../src/data/report.ts';

it('a seed draws the parts of data that is generated, and cuts those of what there is', () => {
  const said = (options: object): string => splitText(dataSchema.parse({seed: 7, ...options}));
  const cut = dataNames.filter((name) => said({name}) === 'cut by seed 7');
  expect(cut).toEqual(['digits', 'breast-cancer', 'wine', 'diabetes', 'mnist']);
  const drawn = dataNames.filter((name) => said({name}) === 'drawn by seed 7');
  expect([...drawn, ...cut].toSorted()).toEqual(dataNames.toSorted());
  expect(said({name: 'csv', file: 'wines.csv', target: 'kind'})).toBe('cut by seed 7');
  expect(said({name: 'pictures', folder: 'leaves'})).toBe('cut by seed 7');
});
