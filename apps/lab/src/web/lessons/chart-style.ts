import {chartStyle} from '../../report/svg.ts';

let adopted: CSSStyleSheet | undefined;

/** Gives the page the style of pictures: its policy allows none within them. */
export function adoptChartStyle(): void {
  if (adopted || typeof CSSStyleSheet === 'undefined') return;
  adopted = new CSSStyleSheet();
  adopted.replaceSync(chartStyle);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, adopted];
}
