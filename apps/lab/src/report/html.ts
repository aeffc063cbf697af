import {comparisonSvg, verdict} from './comparison.ts';
import {curvesSvg} from './curves.ts';
import {
  baselineOf,
  type ComparisonRow,
  comparisonCells,
  comparisonHead,
  type FailureRow,
  formatFailure,
  type Measure,
  type RunCurves,
} from './rows.ts';
import {escapeText} from './svg.ts';

/** What a report is made from. */
export interface ReportInput {
  readonly title: string;
  /** A sentence under the title: data, model, backend, seeds. */
  readonly subtitle?: string;
  /** The comparison, baseline first; may be empty. */
  readonly rows: readonly ComparisonRow[];
  /** Recipes of which runs failed. @defaultValue none */
  readonly failures?: readonly FailureRow[];
  /** The curves; may be empty. */
  readonly runs: readonly RunCurves[];
  /** @defaultValue `'error'` */
  readonly measure?: Measure;
  /** The recipe, shown as JSON so that the report says how to make it again. */
  readonly recipe?: unknown;
  /** The command that made the report. */
  readonly command?: string;
}

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --line: #d8dee4; --paper: #ffffff;
  --better: #1a7f37; --worse: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #30363d; --paper: #0d1117;
  --better: #3fb950; --worse: #ff7b72; } }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 0.6rem; }
.subtitle, footer { color: var(--soft); } svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.8rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child { text-align: left; padding-left: 0; }
.failed { text-align: left; white-space: normal; }
.better { color: var(--better); } .worse { color: var(--worse); }
pre { overflow-x: auto; padding: 0.8rem; border: 1px solid var(--line); border-radius: 6px; font-size: 13px; }
`.trim();

/**
 * A page that needs nothing but itself: the comparison as a chart and as a table, the curves, the recipe. It runs no
 * script and loads nothing, and its content policy lets it do neither, whatever names are in it.
 *
 * @returns a whole HTML file, light or dark as its reader prefers
 */
export function reportHtml(input: ReportInput): string {
  const {title, subtitle, rows, failures = [], runs, measure = 'error', recipe, command} = input;
  const hasAccuracy = runs.some(({histories}) =>
    histories.some((history) => history[0]?.train.accuracy !== undefined),
  );
  const sections = [
    rows.length + failures.length > 0
      ? section('Comparison', comparisonSvg(rows, measure) + comparisonTableHtml(rows, failures, measure))
      : '',
    runs.length > 0 ? section('Loss', curvesSvg(runs, {quantity: 'loss'})) : '',
    runs.length > 0 && hasAccuracy ? section('Error', curvesSvg(runs, {quantity: 'error'})) : '',
    command === undefined ? '' : section('Command', `<pre>${escapeText(command)}</pre>`),
    recipe === undefined
      ? ''
      : section('Recipe', `<pre>${escapeText(JSON.stringify(recipe, null, 2))}</pre>`),
  ];
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

const section = (title: string, content: string): string =>
  `<h2>${escapeText(title)}</h2>\n<div class="scroll">${content}</div>`;

function comparisonTableHtml(
  rows: readonly ComparisonRow[],
  failures: readonly FailureRow[],
  measure: Measure,
): string {
  const baseline = baselineOf(rows);
  const lines = rows.map((row) => {
    const cells = comparisonCells(row, measure);
    return `<tr><td>${escapeText(row.name)}</td><td class="${baseline ? verdict(row, baseline) : 'equal'}">${cells.join('</td><td>')}</td></tr>`;
  });
  const failed = failures.map(
    (row) =>
      `<tr><td>${escapeText(row.name)}</td><td class="failed" colspan="4">${escapeText(formatFailure(row))}</td></tr>`,
  );
  const head = ['recipe', ...comparisonHead(measure)];
  return `<table><thead><tr><th>${head.join('</th><th>')}</th></tr></thead><tbody>${[...lines, ...failed].join('')}</tbody></table>`;
}
