import {comparisonSvg} from './comparison.ts';
import {curveLegend, curvePanels} from './curves.ts';
import {looksHtml, looksStyle, type NamedLook} from './looks.ts';
import {notesOf} from './notes.ts';
import {
  type CellText,
  chosenOf,
  comparisonCells,
  comparisonHead,
  formatFailure,
  type Measure,
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
  /** What was trained, a recipe for each row. @defaultValue none */
  readonly recipes?: readonly GivenRecipe[];
  /** The command that made the report, with all that it was given. */
  readonly command?: string;
}

/** A recipe that the report's reader can run. */
export interface GivenRecipe {
  readonly name: string;
  readonly recipe: unknown;
  /** What to save it as. */
  readonly file: string;
  /** What runs it then. */
  readonly command: string;
}

/** A table with its curves, or the curves of a run. */
interface ReportPart {
  readonly table?: TableReport;
  /** What it came to, in sentences. */
  readonly notes?: readonly string[];
  /** May be empty. */
  readonly runs: readonly RunCurves[];
  /** What models make of their data. @defaultValue none is shown */
  readonly looks?: readonly NamedLook[];
}

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --line: #d8dee4; --paper: #ffffff;
  --helps: #1a7f37; --hurts: #b3261e; --link: #0b62a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #30363d; --paper: #0d1117;
  --helps: #3fb950; --hurts: #ff7b72; --link: #58a6ff; } }
body { margin: 2rem auto; max-width: 68rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 0.6rem; }
.subtitle { color: var(--soft); } svg { display: block; }
.scroll { overflow-x: auto; } .scroll:focus-visible { outline: 2px solid #0969b8; outline-offset: 2px; }
.panels { display: grid; gap: 0.5rem 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); }
.panels svg { height: auto; max-width: 26rem; width: 100%; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.8rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; }
th:first-child, td:first-child { background: var(--paper); left: 0; padding-left: 0; position: sticky; text-align: left; }
.note { color: var(--soft); margin: 0.4rem 0; max-width: 50rem; }
.failed { text-align: left; white-space: normal; }
.helps { color: var(--helps); } .hurts { color: var(--hurts); }
pre { padding: 0.8rem; border: 1px solid var(--line); border-radius: 6px; font-size: 13px; margin: 0.5rem 0;
  overflow-wrap: anywhere; user-select: all; white-space: pre-wrap; }
a { color: var(--link); } details { margin: 0.4rem 0; } summary { cursor: pointer; } code { overflow-wrap: anywhere; }
`.trim();

/**
 * A page that needs nothing but itself: the comparison as a chart and as a table, the curves, the recipe. It runs no
 * script and loads nothing, and its content policy lets it do neither, whatever names are in it.
 *
 * @returns a whole HTML file, light or dark as its reader prefers
 */
export function reportHtml(input: ReportInput): string {
  const {title, subtitle, parts, recipes = [], command} = input;
  const sections = [
    ...parts.flatMap(partSections),
    command === undefined ? '' : commandSection(command),
    recipesSection(recipes),
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
${looksStyle}
</style>
</head>
<body>
<main>
<h1>${escapeText(title)}</h1>
${subtitle === undefined ? '' : `<p class="subtitle">${escapeText(subtitle)}</p>`}
${sections.filter((text) => text !== '').join('\n')}
</main>
</body>
</html>
`;
}

function partSections({table, notes = [], runs, looks = []}: ReportPart): readonly string[] {
  const of = table && table.name !== '' ? `: ${table.name}` : '';
  const hasAccuracy = runs.some(({histories}) =>
    histories.some((history) => history[0]?.train.accuracy !== undefined),
  );
  return [
    table && table.rows.length + table.failures.length > 0
      ? section(`Comparison${of}`, comparisonSvg(table) + scrolling(`Comparison${of}`, tableHtml(table))) +
        paragraphs(notesOf(table))
      : '',
    notes.length > 0 ? section(`In short${of}`, paragraphs(notes)) : '',
    runs.length > 0 ? section(`Loss${of}`, curvesHtml(runs, 'loss')) : '',
    runs.length > 0 && hasAccuracy ? section(`Error${of}`, curvesHtml(runs, 'error')) : '',
    looks.length > 0
      ? section(`What the ${looks.length > 1 ? 'models see' : 'model sees'}${of}`, looksHtml(looks))
      : '',
  ];
}

const curvesHtml = (runs: readonly RunCurves[], quantity: Measure): string =>
  curveLegend(quantity) + panelsHtml(curvePanels(runs, quantity));

/** A part of a page, under its own title. */
export const section = (title: string, content: string): string =>
  `<h2>${escapeText(title)}</h2>\n${content}`;

/** What may be wider than a phone, and is moved sideways there, by keys too. */
export const scrolling = (name: string, content: string): string =>
  `<div class="scroll" role="region" aria-label="${escapeText(name)}" tabindex="0">${content}</div>`;

/** Small pictures, as many side by side as there is room for. */
export const panelsHtml = (panels: readonly string[]): string =>
  `<div class="panels">${panels.join('\n')}</div>`;

/** How the report is made again. */
export const commandSection = (command: string): string =>
  section('Command', `<pre>${escapeText(command)}</pre>`);

/** Recipes to save and run: the only one open, several folded. */
export function recipesSection(recipes: readonly GivenRecipe[]): string {
  const [first, ...rest] = recipes;
  if (!first) return '';
  if (rest.length === 0) return section('Recipe', recipeHtml(first));
  return section(
    'Recipes',
    recipes
      .map((one) => `<details><summary>${escapeText(one.name)}</summary>${recipeHtml(one)}</details>`)
      .join('\n'),
  );
}

/** No script copies it, since none runs here: its file is in the link, and a click selects the whole of a text. */
function recipeHtml({recipe, file, command}: GivenRecipe): string {
  const text = `${JSON.stringify(recipe, null, 2)}\n`;
  const address = `data:application/json;charset=utf-8,${encodeURIComponent(text)}`;
  return `<p><a download="${escapeText(file)}" href="${address}">Save as ${escapeText(file)}</a>, then run it:</p>
<pre>${escapeText(command)}</pre><pre>${escapeText(text.trimEnd())}</pre>`;
}

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

/** Sentences below a table or a picture. */
export const paragraphs = (notes: readonly string[]): string =>
  notes.map((note) => `\n<p class="note">${escapeText(note)}</p>`).join('');
