import {html, nothing, type TemplateResult} from 'lit-html';
import type {Actions} from '../actions.ts';
import {backendText} from '../backend-text.ts';
import {progressText, shareDone} from '../progress.ts';
import type {PageState} from '../state.ts';

/** Train and stop, and where the run is. */
export function runBar(state: PageState, actions: Actions): TemplateResult {
  const {running, recipe, problem, backend} = state;
  const done = shareDone(running?.progress);
  const isReady = running !== undefined || (recipe !== undefined && problem === undefined);
  // One button for both, and never disabled, so that it keeps the focus. A double click is not Train and Stop.
  const press = ({detail}: MouseEvent): void => {
    if (detail > 1) return;
    if (running) actions.stop();
    else actions.train();
  };
  return html`
    <button type="button" class=${running ? 'stop' : 'train'} aria-disabled=${isReady ? nothing : 'true'} @click=${press}>${
      running ? (running.stopping ? 'Cut off' : 'Stop') : 'Train'
    }</button>
    <button type="button" class="seeds" aria-disabled=${isReady && !running ? nothing : 'true'}
      title="Trains with five seeds more: their mean tells from chance" aria-label="Train with 5 seeds more"
      @click=${() => running || actions.trainSeeds()}>× 5 seeds</button>
    <div class="progress">
      <progress aria-label="Training" max="1" value=${running ? (done ?? 0) : 0}></progress>
      <p id="progress-text">${running ? progressText(running, performance.now()) : idleText(state)}</p>
    </div>
    <p class="backend" title=${backend ? backend.renderer : nothing}>${backend ? backendText(backend) : nothing}</p>
  `;
}

function idleText({recipe, problem, planned, runs}: PageState): string {
  if (!recipe || problem) return 'Something in the recipe is not right yet.';
  if (planned !== recipe) return 'Checking the recipe …';
  return runs.length === 0 ? 'Ready.' : 'Ready for another run.';
}
