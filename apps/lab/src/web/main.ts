import './no-eval.ts';
import {render} from 'lit-html';
import {parseRecipe} from '../recipe.ts';
import {createCharts} from './charts/charts.ts';
import {createController} from './controller.ts';
import {drawPad} from './drawing/draw-pad.ts';
import {keepingFocus} from './focus.ts';
import {drawLooks} from './looks/draw.ts';
import {seenIn} from './looks/seen.ts';
import {keepForOffline} from './offline/register.ts';
import {acceptDrops} from './own/accept-drops.ts';
import {plugins} from './plugins.ts';
import {createKeeper} from './runs/keeper.ts';
import type {EndedRun} from './runs/run.ts';
import type {PageState} from './state.ts';
import {pageView} from './views/page.ts';
import {drawSample} from './views/sample.ts';

const page = document.querySelector<HTMLElement>('#page')!;
const {store, actions} = createController(changed);
render(pageView(store.get(), actions), page);
const drawCharts = createCharts(page, actions.light);
const keeper = createKeeper(store, canShow);
const canvas = page.querySelector<HTMLCanvasElement>('#sample')!;
let shown: PageState | undefined;
let isDue = false;
let isKept = false;

/** Drawn with the next frame, however often things change until then; what is kept doesn't wait for it. */
function changed(): void {
  keeper.follow();
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    show();
  });
}

function show(): void {
  const state = store.get();
  keepingFocus(page, () => render(pageView(state, actions), page));
  drawCharts(state);
  if (state.plan !== shown?.plan) redrawSample();
  // What is kept is loaded behind all that a first visit waits for.
  if (state.plan && !isKept) keepForOffline();
  isKept ||= state.plan !== undefined;
  if (state.running && !shown?.running) bringIntoView();
  if (isSeenOtherwise(state)) redrawLooks();
  else if (state.drawing !== shown?.drawing || state.drawn !== shown?.drawn) redrawPad();
  shown = state;
}

function redrawLooks(): void {
  drawLooks(page, seenIn(store.get()));
  redrawPad();
}

function redrawPad(): void {
  const pictures = seenIn(store.get()).at(-1)?.look.pictures;
  if (pictures) drawPad(page, store.get(), pictures);
}

const isSeenOtherwise = ({runs, running, pinned}: PageState): boolean =>
  runs !== shown?.runs ||
  running?.look !== shown?.running?.look ||
  running?.history !== shown?.running?.history ||
  pinned !== shown?.pinned ||
  running?.id !== shown?.running?.id;
const redrawSample = (): void => drawSample(canvas, store.get().plan?.sample);

/** Where the form is above the results, whoever presses Train wants to see the curves. */
function bringIntoView(): void {
  const results = page.querySelector('#results')!;
  if (results.getBoundingClientRect().top < innerHeight / 2) return;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  results.scrollIntoView({behavior: isCalm ? 'auto' : 'smooth'});
}

/** Recipes of earlier visits may name a plugin that this page has not, or options that there are no longer. */
function canShow({recipe}: EndedRun): boolean {
  try {
    parseRecipe(recipe, plugins);
    return true;
  } catch {
    return false;
  }
}

addEventListener('beforeunload', (event) => {
  const {running, search, lesson} = store.get();
  if (running || search.running || lesson?.training) event.preventDefault();
});
addEventListener('keydown', (event) => {
  const isUndo = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  // What is being typed has an undo of its own.
  if (!isUndo || (event.target as HTMLElement).matches('input[type="text"], input[type="number"], textarea'))
    return;
  event.preventDefault();
  actions.undo();
});
new ResizeObserver(redrawSample).observe(canvas);
new ResizeObserver(redrawLooks).observe(page);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  redrawSample();
  redrawLooks();
});
acceptDrops(actions);
addEventListener('hashchange', actions.openAddress);
// The time that is left is told anew between two reports of progress, too.
setInterval(() => {
  const {running, search} = store.get();
  if (running || search.running) store.set({});
}, 1000);
actions.openAddress();
