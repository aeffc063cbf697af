import type {PageState} from '../state.ts';
import {epochsShown} from './axis.ts';
import {createChart} from './chart.ts';
import {readoutText} from './readout.ts';
import {drawnRuns, type Line, linesOf, type Quantity} from './series.ts';

/** Draws the curves of the page's runs. */
export function createCharts(page: HTMLElement): (state: PageState) => void {
  const charts = (['loss', 'error'] as const).map((quantity) => panel(page, quantity));
  let last: readonly unknown[] = [];
  return (state) => {
    const runs = drawnRuns(state);
    const {epochs: asked} = state.draft.run;
    const shown = [state.logarithmic, asked, ...runs.flatMap(({id, history}) => [id, history])];
    if (shown.length === last.length && shown.every((one, index) => one === last[index])) return;
    last = shown;
    for (const chart of charts) chart(state, epochsShown(runs, asked));
  };
}

function panel(page: HTMLElement, quantity: Quantity): (state: PageState, epochs: number) => void {
  const element = page.querySelector<HTMLElement>(`[data-chart="${quantity}"]`)!;
  const readout = page.querySelector<HTMLElement>(`[data-readout="${quantity}"]`)!;
  let lines: readonly Line[] = [];
  let hovered: number | undefined;
  const read = (): void => {
    readout.textContent = readoutText(lines, quantity, hovered);
  };
  const chart = createChart(element, quantity, (index) => {
    hovered = index;
    read();
  });
  return (state, epochs) => {
    lines = linesOf(drawnRuns(state), quantity);
    chart.show(lines, epochs, state.logarithmic && quantity === 'loss');
    read();
    element.setAttribute('aria-label', `${quantity} by epoch. ${readoutText(lines, quantity, undefined)}`);
  };
}
