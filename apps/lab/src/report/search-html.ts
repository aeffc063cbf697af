import type {RecipeSearch} from '../search/search-recipes.ts';
import {reachSentences} from '../search/words.ts';
import {
  commandSection,
  type GivenRecipe,
  pageHtml,
  panelsHtml,
  paragraphs,
  recipesSection,
  scrolling,
  section,
} from './html.ts';
import {labelSentences, searchCells, searchHead} from './search-cells.ts';
import {importanceSvg, parallelSvg, strengthPanels, trialsSvg} from './search-charts.ts';
import {escapeText} from './svg.ts';

/**
 * The report of a search: what it came to in sentences and as a table, trials over time, error over strength, what was
 * tried, what the error is due to, and the winner's recipe.
 *
 * @param command the command that made it
 * @param winner where its recipe is, and what runs it
 * @returns a whole HTML file that loads nothing
 */
export function searchHtml(
  found: RecipeSearch,
  command: string,
  winner: Pick<GivenRecipe, 'file' | 'command'>,
): string {
  const {base, measure, sentences, refused, trials, backend} = found;
  const list = (items: readonly string[]): string =>
    `<ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join('')}</ul>`;
  const pictureSection = (title: string, picture: string, ...notes: readonly string[]): readonly string[] =>
    picture === '' ? [] : [section(title, picture + paragraphs(notes))];
  const strengths = strengthPanels(found);
  return pageHtml({
    title: `What helps on ${base.data.name}`,
    subtitle: `${base.model.name}, ${trials} trials on ${backend}; test errors over ${found.seeds.length} seeds that nothing was chosen by`,
    sections: [
      section('In short', list([...sentences, ...labelSentences(found), ...reachSentences(found)])),
      section('Rows', scrolling('Rows', table(found, measure))),
      ...pictureSection(
        'Trials over time',
        panelsHtml([trialsSvg(found)]),
        `Validation ${measure} of each trial, by minutes; the line is the best so far, over all of its seeds.`,
      ),
      ...pictureSection(
        'Error over strength',
        strengths.length === 0 ? '' : panelsHtml(strengths),
        `Validation ${measure} over strength, at the baseline's settings; dashed: the baseline; band: one standard error.`,
      ),
      ...pictureSection(
        'What was tried',
        parallelSvg(found),
        'A line per composition, from axis to axis: the best tenth in green, the winner thick. A technique that is off is at the left end of its axis.',
      ),
      ...pictureSection(
        'Importance',
        importanceSvg(found),
        'Share of the variance of the validation error over what was tried (fANOVA, main effects): a picture, no verdict.',
      ),
      ...suspectsSection(found),
      ...(refused.length > 0
        ? [section('Not for this data or model', list(refused.map(({name, why}) => `${name}: ${why}`)))]
        : []),
      commandSection(command),
      recipesSection([{name: 'The winner', recipe: found.recipe, ...winner}]),
    ],
  });
}

const mostSuspects = 100;

/** The surest of them: places in the training data, from 0. */
function suspectsSection({labels}: RecipeSearch): readonly string[] {
  if (!labels || labels.suspects.length === 0) return [];
  const rows = labels.suspects
    .slice(0, mostSuspects)
    .map(
      ({example, label, likely, margin}) =>
        `<tr><td>${example}</td><td>${label}</td><td>${likely}</td><td>${margin.toFixed(2)}</td></tr>`,
    );
  const head = '<tr><th>training example</th><th>label</th><th>more likely</th><th>by</th></tr>';
  return [
    section(
      'Labels to look at',
      scrolling('Labels to look at', `<table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table>`),
    ),
  ];
}

function table({baseline, rows, leftOut}: RecipeSearch, measure: RecipeSearch['measure']): string {
  const head = searchHead(measure).map((one) => `<th>${escapeText(one || 'row')}</th>`);
  const lines = [baseline, ...rows, ...leftOut].map((row) => {
    const cells = searchCells(row, measure).map((cell) => `<td>${escapeText(cell)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table>`;
}
