import type {RecipeSearch} from '../search/search-recipes.ts';
import {pageHtml, section} from './html.ts';
import {labelSentences, searchCells, searchHead} from './search-cells.ts';
import {importanceSvg, parallelSvg, strengthsSvg, trialsSvg} from './search-charts.ts';
import {escapeText} from './svg.ts';

/**
 * The report of a search: what it came to in sentences and as a table, trials over time, error over strength, what was
 * tried, what the error is due to, and the winner's recipe.
 *
 * @param command the command that made it
 * @returns a whole HTML file that loads nothing
 */
export function searchHtml(found: RecipeSearch, command: string): string {
  const {base, measure, sentences, refused, untried, trials, backend} = found;
  const pre = (text: string): string => `<pre>${escapeText(text)}</pre>`;
  const list = (items: readonly string[]): string =>
    `<ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join('')}</ul>`;
  const pictures: readonly (readonly [title: string, picture: string])[] = [
    ['Trials over time', trialsSvg(found)],
    ['Error over strength', strengthsSvg(found)],
    ['What was tried', parallelSvg(found)],
    ['Importance', importanceSvg(found)],
  ];
  return pageHtml({
    title: `What helps on ${base.data.name}`,
    subtitle: `${base.model.name}, ${trials} trials on ${backend}; test errors over ${found.seeds.length} seeds that nothing was chosen by`,
    sections: [
      section('In short', list([...sentences, ...labelSentences(found)])),
      section('Rows', table(found, measure)),
      ...pictures.filter(([, picture]) => picture !== '').map(([title, picture]) => section(title, picture)),
      ...suspectsSection(found),
      ...(refused.length > 0
        ? [section('Not for this data or model', list(refused.map(({name, why}) => `${name}: ${why}`)))]
        : []),
      ...(untried.length > 0 ? [section('Not reached by the budget', list(untried))] : []),
      section('Command', pre(command)),
      section('The winner', pre(JSON.stringify(found.recipe, null, 2))),
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
    section('Labels to look at', `<table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table>`),
  ];
}

function table({baseline, rows, leftOut}: RecipeSearch, measure: RecipeSearch['measure']): string {
  const head = searchHead(measure).map((one) => `<th>${escapeText(one)}</th>`);
  const lines = [baseline, ...rows, ...leftOut].map((row) => {
    const cells = searchCells(row, measure).map((cell) => `<td>${escapeText(cell)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table>`;
}
