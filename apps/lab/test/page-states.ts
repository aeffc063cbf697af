// What the page can be seen doing: for whoever looks at all of it, with eyes or by rules.
import type {Page} from 'playwright-core';
import type {RecipeInput} from '../src/recipe.ts';

/** Something that the page shows. */
export interface PageState {
  /** In the name of its picture, too. */
  readonly name: string;
  /** Brings a page there from the state before it in the list; it may load the page anew. */
  reach(page: Page): Promise<void>;
}

/** A width and a colour scheme that people have. */
export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** Each width and each scheme. */
export const looks: readonly Look[] = [
  {width: 1440, scheme: 'light'},
  {width: 390, scheme: 'dark'},
  {width: 1440, scheme: 'dark'},
  {width: 390, scheme: 'light'},
];

/** Shows a page as somebody has it. */
export async function dress(page: Page, {width, scheme}: Look): Promise<void> {
  await page.setViewportSize({width, height: width < 900 ? 844 : 1000});
  await page.emulateMedia({colorScheme: scheme, reducedMotion: 'reduce'});
}

/** Runs for pictures are as long as they take to show something, those for rules as short as can be. */
export type Length = 'short' | 'whole';

const sizes = {
  short: {
    moons: {train: 60, validation: 50, test: 100},
    glyphs: {train: 48, validation: 24, test: 60, classes: 12},
    epochs: {moons: 12, glyphs: 2, wave: 4},
  },
  whole: {
    moons: {train: 120, validation: 200, test: 1000},
    glyphs: {train: 600, validation: 400, test: 1000, classes: 12},
    epochs: {moons: 150, glyphs: 12, wave: 200},
  },
} as const;

/**
 * The states, each to be reached from the one before.
 *
 * @param origin where the page is served, without a slash at the end
 */
export function pageStates(origin: string, length: Length): readonly PageState[] {
  const {moons, glyphs, epochs} = sizes[length];
  const plane: Partial<RecipeInput> = {
    data: {name: 'moons', ...moons},
    model: {name: 'mlp', hidden: [32, 32]},
    optimizer: {name: 'adam', learningRate: 0.01},
    epochs: epochs.moons,
    batchSize: 20,
  };
  const dropout = {name: 'dropout', rate: 0.2};
  return [
    {
      name: 'first-visit',
      async reach(page) {
        await page.goto(`${origin}/`);
        await page.locator('.pictures svg').first().waitFor();
      },
    },
    {
      name: 'lesson-refused',
      async reach(page) {
        await page.locator('#lesson-value').fill('1e9');
        await page.locator('#lesson-value').blur();
        await page.locator('#lesson-wrong').waitFor();
      },
    },
    {
      name: 'empty-lab',
      async reach(page) {
        await page.getByRole('link', {name: 'Lab', exact: true}).click();
        await isReady(page);
      },
    },
    {
      name: 'problem',
      async reach(page) {
        await load(page, {...plane, regularizers: [dropout]});
        await page.getByRole('group', {name: 'Dropout'}).getByLabel('Rate').fill('1.2');
        await page.getByRole('group', {name: 'Dropout'}).getByLabel('Rate').blur();
        await page.getByRole('alert').waitFor();
      },
    },
    {
      name: 'training',
      async reach(page) {
        await load(page, {...plane, regularizers: [dropout], epochs: 100_000});
        await page.getByLabel('Trains on').selectOption('cpu');
        await press(page, 'Train');
        await page.locator('.looks canvas').first().waitFor();
      },
    },
    {
      name: 'stopped',
      async reach(page) {
        await press(page, 'Stop');
        await page.locator('tr[data-run="1"]').getByText('stopped').waitFor();
      },
    },
    {
      name: 'compared',
      async reach(page) {
        await press(page, 'Remove dropout');
        await page.locator('tr[data-run]').waitFor({state: 'detached'});
        for (const [count, regularizers] of [[], [dropout], [{name: 'l2', strength: 1e-3}]].entries()) {
          await load(page, {...plane, regularizers});
          await press(page, 'Train');
          await page.locator(`tr[data-run="${count + 1}"]`).waitFor();
        }
        await press(page, 'Pin no regularizer as the baseline');
        for (const regularizers of [[], [dropout]]) {
          await load(page, {...plane, regularizers});
          await press(page, 'Train with 5 seeds more');
          await page.locator('tr[data-run="3"] [data-label="Seeds"]').getByText('6', {exact: true}).waitFor();
        }
      },
    },
    {
      name: 'pictures',
      async reach(page) {
        await load(page, {
          data: {name: 'glyphs', ...glyphs},
          model: {name: 'mlp', hidden: length === 'short' ? [16] : [128]},
          epochs: epochs.glyphs,
          regularizers: [{name: 'randomAffine'}, dropout],
        });
        await press(page, 'Train');
        await page.locator('canvas[data-kind="tiles"]').waitFor();
      },
    },
    {
      name: 'curve',
      async reach(page) {
        await load(page, {
          data: {name: 'wave'},
          model: {name: 'mlp', hidden: [32, 32]},
          epochs: epochs.wave,
          regularizers: [{name: 'bagging', members: 3}],
        });
        await press(page, 'Train');
        await page.getByText('The mean of 3 predictions').waitFor();
      },
    },
    {
      name: 'refused-file',
      async reach(page) {
        const buffer = Buffer.from('{"data": {"name": "sums"}}');
        await page
          .getByLabel('Import …')
          .setInputFiles({name: 'recipe.json', mimeType: 'application/json', buffer});
        await page.getByRole('alert').waitFor();
      },
    },
    {
      name: 'own-data',
      async reach(page) {
        // As somebody has it who comes with nothing but a table.
        await page.evaluate(async () => {
          for (const {name} of await indexedDB.databases()) indexedDB.deleteDatabase(name!);
        });
        await page.goto('about:blank');
        await page.goto(`${origin}/#lab`);
        await isReady(page);
        const buffer = Buffer.from(flowers());
        await page.getByLabel('Files …').setInputFiles({name: 'flowers.csv', mimeType: 'text/csv', buffer});
        await page.getByText('3 classes: blue, red, white.').waitFor();
        await page.getByText('3 columns to predict it from').click();
        await page.getByLabel('Trains on').selectOption('cpu');
        if (length === 'short') await page.getByLabel('Epochs', {exact: true}).fill('2');
        await page.getByLabel('Epochs', {exact: true}).blur();
        await isReady(page);
        await press(page, 'Train');
        await page.getByText('mlp on flowers').first().waitFor();
      },
    },
    {
      name: 'searched',
      async reach(page) {
        await page
          .locator('.search')
          .getByLabel('Minutes')
          .fill(length === 'short' ? '0.1' : '1');
        await press(page, 'Find what helps');
        const end = page.getByRole('button', {name: /^Put the (winner|tuned baseline) into the form$/});
        await end.waitFor({timeout: 300_000});
      },
    },
  ];
}

/** A table of flowers whose kinds lie beside each other, some of them among others. */
function flowers(): string {
  const rows = Array.from({length: 90}, (_, index) => {
    const kind = index % 3;
    const along = Math.sin(12.9898 * index) * 0.9;
    const across = Math.cos(78.233 * index) * 0.9;
    const leaf = index % 5 === 0 ? '' : (3 + across).toFixed(2);
    return [
      (4 + kind + along).toFixed(2),
      leaf,
      ['sand', 'clay'][index % 2],
      ['red', 'white', 'blue'][kind],
    ].join(',');
  });
  return `${['petal,leaf,soil,colour', ...rows].join('\n')}\n`;
}

/** Has an open page take a recipe from its address. */
async function load(page: Page, recipe: object): Promise<void> {
  await page.evaluate((hash) => {
    const drawn = new Promise<void>((resolve) => {
      const next = (then: () => void): number => requestAnimationFrame(then);
      addEventListener('hashchange', () => next(() => next(resolve)), {once: true});
    });
    location.hash = hash;
    return drawn;
  }, hashOf(recipe));
  await isReady(page);
}

const hashOf = (recipe: object): string => `recipe=${encodeURIComponent(JSON.stringify(recipe))}`;

/** Loads the page with a recipe in its address; runs of before are kept. */
export async function openRecipe(page: Page, origin: string, recipe: object): Promise<void> {
  await page.goto('about:blank'); // another hash alone would load nothing
  await page.goto(`${origin}/#${hashOf(recipe)}`);
  await isReady(page);
}

/** Waits until the recipe has been found to be right. */
export const isReady = (page: Page): Promise<void> => page.getByText(/^Ready/).waitFor();

/** Presses a button. */
export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', {name, exact: true}).click();
