import type {PageState} from '../state.ts';
import {epochsShown} from './axis.ts';
import {createChart} from './chart.ts';
import {readoutText} from './readout.ts';
import {drawnRows, type Line, linesOf, type Quantity} from './series.ts';

const drawInterval = 250; // milliseconds

/**
 * Draws the curves of the page's runs.
 *
 * @param onLight told the row whose curve is under the pointer
 */
export function createCharts(
  page: HTMLElement,
  onLight: (key: string | undefined) => void,
): (state: PageState) => void {
  const charts = (['loss', 'error'] as const).map((quantity) => panel(page, quantity, onLight));
  let last: readonly unknown[] = [];
  let drawnAt = 0;
  let drawnFor: string | undefined;
  return (state) => {
    const {running, runs, lit, logarithmic} = state;
    const {epochs: asked} = state.draft.run;
    for (const {light} of charts) light(lit);
    const shown = [logarithmic, asked, runs, running?.id, running?.history];
    if (shown.length === last.length && shown.every((one, index) => one === last[index])) return;
    // A curve that grows is drawn a few times a second; that it has ended, at once.
    const isGrowing = running !== undefined && running.id === drawnFor;
    if (isGrowing && performance.now() - drawnAt < drawInterval) return;
    [drawnAt, drawnFor] = [performance.now(), running?.id];
    last = shown;
    const epochs = epochsShown(drawnRows(state), asked);
    for (const {show} of charts) show(state, epochs);
  };
}

interface Panel {
  show(state: PageState, epochs: number): void;
  light(key: string | undefined): void;
}

function panel(page: HTMLElement, quantity: Quantity, onLight: (key: string | undefined) => void): Panel {
  const element = page.querySelector<HTMLElement>(`[data-chart="${quantity}"]`)!;
  const readout = page.querySelector<HTMLElement>(`[data-readout="${quantity}"]`)!;
  let lines: readonly Line[] = [];
  let hovered: number | undefined;
  const read = (): void => {
    readout.textContent = readoutText(lines, quantity, hovered);
  };
  const chart = createChart(element, quantity, {
    onHover(index) {
      hovered = index;
      read();
    },
    onLight,
  });
  return {
    light: chart.light,
    show(state, epochs) {
      lines = linesOf(drawnRows(state), quantity);
      chart.show(lines, epochs, state.logarithmic && quantity === 'loss');
      read();
      element.setAttribute('aria-label', `${quantity} by epoch. ${readoutText(lines, quantity, undefined)}`);
    },
  };
}
