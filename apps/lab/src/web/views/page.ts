import {explanationText} from '@regularizers/core';
import {html, nothing, type TemplateResult} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import type {Actions} from '../actions.ts';
import {hasErrorCurve} from '../charts/series.ts';
import type {PageState} from '../state.ts';
import {lessonStrip, lessonView} from './lesson.ts';
import {looksView} from './looks.ts';
import {messages} from './messages.ts';
import {recipeForm} from './recipe-form.ts';
import {runBar} from './run-bar.ts';
import {runsTable} from './runs-table.ts';
import {searchView} from './search.ts';

/** The whole page: a lesson, or the lab. The charts' elements stay as they are; `createCharts` draws into them. */
export function pageView(state: PageState, actions: Actions): TemplateResult {
  const isLab = state.lesson === undefined;
  return html`
    ${lessonStrip(state)}
    ${state.lesson ? lessonView(state.lesson, actions) : nothing}
    <p class="unseen" role="status">${state.announcement}</p>
    <section class="recipe" aria-label="Recipe" ?hidden=${!isLab}>${recipeForm(state, actions)}</section>
    <section class="results" id="results" aria-label="Results" ?hidden=${!isLab}>
      <div class="bar">${runBar(state, actions)}</div>
      ${messages(state, actions)}
      <div class="panel">
        <div class=${hasErrorCurve(state) ? 'charts' : 'charts one'}>
          <figure>
            <figcaption>Loss
              <label class="log"><input type="checkbox" .checked=${live(state.logarithmic)}
                @change=${({target}: {readonly target: HTMLInputElement}) => actions.setLogarithmic(target.checked)}>
                log scale</label>
            </figcaption>
            <div class="plot" data-chart="loss" role="img"></div>
            <p class="readout" data-readout="loss"></p>
          </figure>
          <figure>
            <figcaption>Error</figcaption>
            <div class="plot" data-chart="error" role="img"></div>
            <p class="readout" data-readout="error"></p>
          </figure>
        </div>
        <p class="key"><span class="solid"></span> validation <span class="dashed"></span> training <span class="ring"></span> training, evaluated at the end
          <span class="soft">by epoch; the loss is the data's, without penalties. The dashed curve is taken while the model
          learns, with dropout, noise and augmentation on. Of several seeds or members: their mean, in the band from the
          lowest to the highest.</span></p>
      </div>
      <div class="panel">${runsTable(state, actions)}</div>
      ${searchView(state, actions)}
      <section class="panel" aria-labelledby="looks-title">
        <h2 id="looks-title">What the model sees</h2>
        ${looksView(state, actions)}
      </section>
      <details class="panel explain">
        <summary>What runs where, in which order</summary>
        <pre id="explain">${state.plan ? explanationText(state.plan.explanation) : nothing}</pre>
      </details>
    </section>
  `;
}
