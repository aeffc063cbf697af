import {comparisonSvg} from './comparison.ts';
import {curvesSvg} from './curves.ts';
import {notesOf} from './notes.ts';
import {
  type CellText,
  chosenOf,
  comparisonCells,
  comparisonHead,
  formatFailure,
  type RunCurves,
  type TableReport,
} from './rows.ts';
import {escapeText} from './svg.ts';

/** What a report is made from. */
export interface ReportInput {
  readonly title: string;
  /** A sentence under the title: data, model, backend, seeds. */
  readonly subtitle?: string;
  /** In their order. */
  readonly parts: readonly ReportPart[];
  /** The recipe, shown as JSON so that the report says how to make it again. */
  readonly recipe?: unknown;
  /** Of a comparison the recipe of each row, which `lab run` takes as it stands. @defaultValue none */
  readonly recipes?: readonly {readonly name: string; readonly recipe: unknown}[];
  /** The command that made the report. */
  readonly command?: string;
}

/** A table with its curves, or the curves of a run. */
interface ReportPart {
  readonly table?: TableReport;
  /** May be empty. */
  readonly runs: readonly RunCurves[];
}

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --line: #d8dee4; --paper: #ffffff;
  --helps: #1a7f37; --hurts: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #30363d; --paper: #0d1117;
  --helps: #3fb950; --hurts: #ff7b72; } }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 0.6rem; }
.subtitle, footer { color: var(--soft); } svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.8rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child { text-align: left; padding-left: 0; }
.note { color: var(--soft); margin: 0.4rem 0; max-width: 50rem; }
.failed { text-align: left; white-space: normal; }
.helps { color: var(--helps); } .hurts { color: var(--hurts); }
pre { overflow-x: auto; padding: 0.8rem; border: 1px solid var(--line); border-radius: 6px; font-size: 13px; }
`.trim();

/**
 * A page that needs nothing but itself: the comparison as a chart and as a table, the curves, the recipe. It runs no
 * script and loads nothing, and its content policy lets it do neither, whatever names are in it.
 *
 * @returns a whole HTML file, light or dark as its reader prefers
 */
export function reportHtml(input: ReportInput): string {
  const {title, subtitle, parts, recipe, recipes = [], command} = input;
  const sections = [
    ...parts.flatMap(partSections),
    command === undefined ? '' : section('Command', `<pre>${escapeText(command)}</pre>`),
    recipe === undefined ? '' : section('Recipe', jsonHtml(recipe)),
    recipes.length === 0
      ? ''
      : section('Recipes', recipes.map(({name, recipe}) => foldedHtml(name, jsonHtml(recipe))).join('\n')),
  ];
  return pageHtml({title, subtitle, sections});
}

/** What a page is made from. */
export interface PageInput {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** As {@link section} makes them; empty ones are left out. */
  readonly sections: readonly string[];
}

/** A whole page that runs no script and loads nothing. */
export function pageHtml({title, subtitle, sections}: PageInput): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(title)}</title>
<style>
${style}
</style>
</head>
<body>
<h1>${escapeText(title)}</h1>
${subtitle === undefined ? '' : `<p class="subtitle">${escapeText(subtitle)}</p>`}
${sections.filter((text) => text !== '').join('\n')}
</body>
</html>
`;
}

function partSections({table, runs}: ReportPart): readonly string[] {
  const of = table && table.name !== '' ? `: ${table.name}` : '';
  const hasAccuracy = runs.some(({histories}) =>
    histories.some((history) => history[0]?.train.accuracy !== undefined),
  );
  return [
    table && table.rows.length + table.failures.length > 0
      ? section(`Comparison${of}`, comparisonSvg(table) + tableHtml(table)) + notesHtml(table)
      : '',
    runs.length > 0 ? section(`Loss${of}`, curvesSvg(runs, {quantity: 'loss'})) : '',
    runs.length > 0 && hasAccuracy ? section(`Error${of}`, curvesSvg(runs, {quantity: 'error'})) : '',
  ];
}

/** A part of a page, under its own title. */
export const section = (title: string, content: string): string =>
  `<h2>${escapeText(title)}</h2>\n<div class="scroll">${content}</div>`;

function tableHtml(report: TableReport): string {
  const {rows, failures} = report;
  const chosen = chosenOf(rows);
  const head = comparisonHead(report);
  const cell = ({text, tone}: CellText): string =>
    `<td${tone ? ` class="${tone}"` : ''}>${escapeText(text)}</td>`;
  const lines = rows.map((row) => {
    const name = row === chosen && rows.length > 1 ? `${row.name} *` : row.name;
    return `<tr>${cell({text: name})}${comparisonCells(row, report).map(cell).join('')}</tr>`;
  });
  const failed = failures.map(
    (row) =>
      `<tr>${cell({text: row.name})}<td class="failed" colspan="${head.length}">${escapeText(formatFailure(row))}</td></tr>`,
  );
  const heads = ['recipe', ...head].map((text) => `<th>${escapeText(text)}</th>`);
  return `<table><thead><tr>${heads.join('')}</tr></thead><tbody>${[...lines, ...failed].join('')}</tbody></table>`;
}

const notesHtml = (report: TableReport): string =>
  notesOf(report)
    .map((note) => `\n<p class="note">${escapeText(note)}</p>`)
    .join('');

const jsonHtml = (value: unknown): string => `<pre>${escapeText(JSON.stringify(value, null, 2))}</pre>`;

const foldedHtml = (name: string, content: string): string =>
  `<details><summary>${escapeText(name)}</summary>${content}</details>`;
