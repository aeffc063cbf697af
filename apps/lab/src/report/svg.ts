/** Text that may hold any character, for SVG and HTML. */
export function escapeText(text: string): string {
  const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

/** What an element is given: numbers are cut to a hundredth of a pixel, undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element of SVG, with content that is SVG already. */
export function element(tag: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${typeof value === 'number' ? Number(value.toFixed(2)) : escapeText(value!)}"`,
    )
    .join('');
  return content.length === 0 ? `<${tag}${written}/>` : `<${tag}${written}>${content.join('')}</${tag}>`;
}

/** A line of text, or text that stands for a picture where it can't be seen. */
export const label = (
  text: string,
  attributes: Attributes,
  tag: 'text' | 'title' | 'desc' = 'text',
): string => element(tag, attributes, escapeText(text));

/**
 * The look of all charts, light and dark. Train is blue and validation orange, which colour-blind people tell apart
 * as well; dashes and labels say it again.
 */
export const chartStyle = `
.chart { --ink: #1f2328; --soft: #656d76; --line: #d8dee4; --paper: #ffffff; --train: #0969b8; --validation: #c4500a;
  --helps: #1a7f37; --hurts: #b3261e; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
@media (prefers-color-scheme: dark) { .chart { --ink: #e6edf3; --soft: #9198a1; --line: #30363d; --paper: #0d1117;
  --train: #58a6ff; --validation: #f0883e; --helps: #3fb950; --hurts: #ff7b72; } }
.chart text { fill: var(--ink); }
.chart .soft { fill: var(--soft); }
.chart .title { font-weight: 600; font-size: 13px; }
.chart .paper { fill: var(--paper); }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .axis { stroke: var(--soft); stroke-width: 1; }
.chart path { fill: none; stroke-linejoin: round; stroke-linecap: round; }
.chart .train { stroke: var(--train); }
.chart path.train { stroke-dasharray: 5 4; }
.chart circle.train { fill: var(--paper); stroke-width: 2; }
.chart .validation { stroke: var(--validation); }
.chart .mean { stroke-width: 2; }
.chart .seed { stroke-width: 1; opacity: 0.3; }
.chart text.train, .chart text.validation { stroke: var(--paper); stroke-width: 3; paint-order: stroke; }
.chart text.train { fill: var(--train); }
.chart text.validation { fill: var(--validation); }
.chart circle.validation { fill: var(--validation); stroke: var(--paper); stroke-width: 1.5; }
.chart .helps { fill: var(--helps); stroke: var(--helps); }
.chart .hurts { fill: var(--hurts); stroke: var(--hurts); }
.chart .equal { fill: var(--soft); stroke: var(--soft); }
.chart text.helps, .chart text.hurts, .chart text.equal { stroke: none; }
/* Lines of the axis end behind words that lie on them. */
.chart text.over { stroke: var(--paper); stroke-width: 4; paint-order: stroke; }
.chart .band { fill: var(--validation); stroke: none; opacity: 0.15; }
.chart .bar { fill: var(--train); }
.chart .line { fill: none; stroke-width: 1; opacity: 0.3; }
.chart .line.mean { stroke-width: 3; opacity: 1; }
.chart .baseline { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; }
.chart .measured { --tone: var(--train); }
.chart .expected { --tone: var(--validation); }
.chart .control { --tone: var(--hurts); }
.chart .without { --tone: var(--soft); }
.chart .other { --tone: var(--helps); }
.chart .stroke { stroke: var(--tone); stroke-width: 2; }
.chart .stroke.expected { stroke-dasharray: 7 4; }
.chart .stroke.control { stroke-dasharray: 2 4; }
.chart .fill { fill: var(--tone); }
.chart .dot { fill: var(--tone); stroke: var(--paper); stroke-width: 1; }
.chart .ground { fill: var(--paper); stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.chart .heat { fill: var(--ink); stroke: none; }
.chart .heat.cold { fill: var(--validation); }
.chart .first { --tone: var(--train); }
.chart .second { --tone: var(--validation); }
.chart .heat.first, .chart .heat.second { fill: var(--tone); }
.chart .ring { fill: none; stroke: var(--ink); stroke-width: 1.5; }
`.trim();

/** A whole SVG file, or an element that a page can hold. */
export const chart = (width: number, height: number, title: string, ...content: readonly string[]): string =>
  bareChart(width, height, title, element('style', {}, chartStyle), ...content);

/** The same without its style: for a page that has the style itself, since its policy allows none within its text. */
export const bareChart = (
  width: number,
  height: number,
  title: string,
  ...content: readonly string[]
): string => svg({width, height, viewBox: `0 0 ${width} ${height}`}, title, content);

/**
 * A {@link chart} as wide as there is room: for content whose places across are in percent, and whose text so is as large on
 * a phone as on a desk.
 */
export const wideChart = (height: number, title: string, ...content: readonly string[]): string =>
  svg({width: '100%', height}, title, [element('style', {}, chartStyle), ...content]);

const svg = (size: Attributes, title: string, content: readonly string[]): string =>
  element(
    'svg',
    {xmlns: 'http://www.w3.org/2000/svg', class: 'chart', ...size, role: 'img', 'aria-label': title},
    element('rect', {class: 'paper', width: '100%', height: '100%'}),
    ...content,
  );

/** A place across a {@link wideChart}. */
export const percent = (share: number): string => `${Number((100 * share).toFixed(2))}%`;

/** As much of a text as has room. */
export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;
