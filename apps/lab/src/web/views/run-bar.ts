import {html, nothing, type TemplateResult} from 'lit-html';
import type {Actions} from '../actions.ts';
import {progressText, shareDone} from '../progress.ts';
import type {PageState} from '../state.ts';

/** Train and stop, and where the run is. */
export function runBar(state: PageState, actions: Actions): TemplateResult {
  const {running, recipe, problem, backend} = state;
  const done = shareDone(running?.progress);
  return html`
    ${
      running
        ? html`<button type="button" class="stop" @click=${actions.stop}>${running.stopping ? 'Cut off' : 'Stop'}</button>`
        : html`<button type="button" class="train" ?disabled=${!recipe || problem !== undefined} @click=${actions.train}>
            Train</button>`
    }
    <div class="progress">
      <progress aria-label="Training" max="1" value=${running ? (done ?? 0) : 0}></progress>
      <p id="progress-text">${running ? progressText(running, performance.now()) : idleText(state)}</p>
    </div>
    <p class="backend">${
      backend
        ? backend.name === 'cpu'
          ? 'cpu'
          : html`WebGL${backend.software ? ', in software' : nothing}`
        : nothing
    }</p>
  `;
}

function idleText({recipe, problem, plan, runs}: PageState): string {
  if (!recipe || problem) return 'Something in the recipe is not right yet.';
  if (!plan) return 'Checking the recipe …';
  return runs.length === 0 ? 'Ready.' : 'Ready for another run.';
}
