import {html, nothing, type TemplateResult} from 'lit-html';
import {dataTitle} from '../../data/title.ts';
import {formatMeasure, type Measure} from '../../report/rows.ts';
import {labelSentences, searchCells, searchHead} from '../../report/search-cells.ts';
import type {RecipeSearch} from '../../search/search-recipes.ts';
import {reachSentences, stageSentences} from '../../search/words.ts';
import type {Actions} from '../actions.ts';
import {duration} from '../progress.ts';
import type {PageState, SearchState} from '../state.ts';
import type {SearchNews} from '../worker/protocol.ts';

/** The search for what helps on the recipe's data and model: how long, how far, and what came of it. */
export function searchView(state: PageState, actions: Actions): TemplateResult {
  const {search, recipe, problem, plan} = state;
  const {running, found, minutes} = search;
  const isReady = running !== undefined || (recipe !== undefined && problem === undefined);
  const setMinutes = ({target}: {readonly target: HTMLInputElement}): void =>
    actions.setMinutes(target.valueAsNumber);
  return html`<section class="panel search" aria-labelledby="search-title">
    <h2 id="search-title">Find what helps</h2>
    <p class="help">Tries the regularizers that suit this data and model, each at several strengths, then compositions of
      what helped; all by validation. In the end the best, the baseline and each family are trained on seeds that nothing
      was chosen by, and held against each other. Here in this browser.</p>
    <div class="row">
      <button type="button" class=${running ? 'stop' : nothing} aria-disabled=${isReady ? nothing : 'true'}
        @click=${() => (running ? actions.stopSearch() : actions.findWhatHelps())}>${
          running ? (running.stopping ? 'Cut the search off' : 'Stop the search') : 'Find what helps'
        }</button>
      <label for="search-minutes">Minutes</label>
      <input type="number" id="search-minutes" min="0.1" max="600" step="any" inputmode="decimal" .value=${String(minutes)}
        aria-invalid=${minutes > 0 ? nothing : 'true'} @change=${setMinutes}>
    </div>
    ${running ? runningView(running, plan?.measure ?? 'error') : nothing}
    ${found ? foundView(found, actions) : nothing}
  </section>`;
}

function runningView(running: NonNullable<SearchState['running']>, measure: Measure): TemplateResult {
  const {news, minutes, stopping, at} = running;
  const seconds = news ? news.seconds + (performance.now() - at) / 1000 : 0;
  const left = Math.max(0, 60 * minutes - seconds);
  const error = (value: number): string => formatMeasure(value, measure);
  return html`<div class="searching">
    <progress aria-label="Search" max="1" value=${Math.min(1, seconds / (60 * minutes))}></progress>
    <p>${
      stopping
        ? 'Stopping after this step …'
        : news
          ? html`${stageSentences[news.stage]} ${news.trials} trials, ${
              left > 0 ? `about ${duration(left)} left` : 'a little longer than it was given'
            }. Now: ${news.now}.`
          : 'Looking at the data, and at what suits it …'
    }</p>
    ${
      news?.best
        ? html`<p><strong>Best so far: ${error(news.best.error)}</strong> validation ${measure}, with
            ${bestText(news, error)}.</p>`
        : nothing
    }
  </div>`;
}

/** What is on in the best, and what that is to be held against. */
function bestText({best, baseline}: SearchNews, error: (value: number) => string): string {
  const parts = best?.parts ?? [];
  if (parts.length === 0) return 'no regularizer';
  return `${parts.join(' + ')}${baseline === undefined ? '' : `; without any ${error(baseline)}`}`;
}

function foundView(found: RecipeSearch, actions: Actions): TemplateResult {
  const {measure, baseline, rows, leftOut, refused, trials, base} = found;
  const [first, ...heads] = searchHead(measure);
  const notes = [...reachSentences(found), ...labelSentences(found)];
  return html`
    <ul class="sentences">${found.sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
    <div class="row"><button type="button" @click=${actions.takeWinner}>${
      found.recipe.regularizers.length > 0
        ? 'Put the winner into the form'
        : 'Put the tuned baseline into the form'
    }</button>
      <span class="help">${trials} trials of ${base.model.name} on ${dataTitle(base.data)}.</span></div>
    <div class="scroll" role="region" aria-label="Verdicts" tabindex="0">
      <table>
        <thead><tr><th scope="col">${first || 'Row'}</th>${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
        <tbody>${[baseline, ...rows, ...leftOut].map((row) => {
          const [name, ...cells] = searchCells(row, measure);
          return html`<tr><th scope="row">${name}</th>${cells.map(
            (cell, at) => html`<td class="number" data-label=${heads[at]}>${cell || '–'}</td>`,
          )}</tr>`;
        })}</tbody>
      </table>
    </div>
    ${notes.map((note) => html`<p class="help">${note}</p>`)}
    ${
      refused.length > 0
        ? html`<details class="more"><summary>${refused.length} do not go with this data and model</summary>
            <ul class="help">${refused.map(({name, why}) => html`<li><strong>${name}</strong>: ${why}</li>`)}</ul></details>`
        : nothing
    }`;
}
