import {html, nothing, type TemplateResult} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {repeat} from 'lit-html/directives/repeat.js';
import {formatMeasure, formatSeconds} from '../../report/rows.ts';
import type {Actions} from '../actions.ts';
import {labelOf} from '../draft.ts';
import {colourOf, type EndedRun, type PageState} from '../state.ts';

/** What ended runs came to, side by side: each row is a legend to the curves as well. */
export function runsTable({runs}: PageState, actions: Actions): TemplateResult {
  const head = testHead(runs);
  return html`<div class="scroll" role="region" aria-label="Runs" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col" class="number">${head}</th>
          <th scope="col" class="number" title="Test less training, both evaluated at the end, without dropout and noise">Gap</th>
          <th scope="col" class="number">Time</th>
          <th scope="col" class="number wide">Epochs</th>
          <th scope="col" class="number wide">Parameters</th>
          <th scope="col" class="number wide">Seed</th>
          <th scope="col"><span class="unseen">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        ${
          runs.length === 0
            ? html`<tr class="none"><td colspan="8">Runs are listed here, to compare. Train with and without a
                regularizer to see what it does to the gap.</td></tr>`
            : repeat(
                runs,
                ({id}) => id,
                (run) => row(run, head, actions),
              )
        }
      </tbody>
    </table>
  </div>`;
}

function row(run: EndedRun, head: string, actions: Actions): TemplateResult {
  const {id, recipe, report, failure, shown, warmUp} = run;
  const name = labelOf(recipe);
  const show = ({target}: {readonly target: HTMLInputElement}): void => actions.showRun(id, target.checked);
  return html`<tr data-run=${id}>
    <th scope="row">
      <div class="run">
        <input type="checkbox" id="run-${id}" .checked=${live(shown)} @change=${show}
          aria-label="Show the curves of run ${id}, ${name}">
        <label for="run-${id}">
          <span class="swatch" .style=${`background: var(--run-${colourOf(run)})`} aria-hidden="true"></span>
          <span>${id}. ${name}<span class="soft"> ${recipe.model.name} on ${recipe.data.name}</span>${
            failure ? html`<br><small data-cell="failure">failed: ${failure.message}</small>` : nothing
          }</span>
        </label>
      </div>
    </th>
    <td class="number" data-cell="error" data-label=${report ? `Test ${report.measure}` : head}>${
      report
        ? html`${formatMeasure(report.testError, report.measure)}${head === 'Test' ? html` <small class="soft">${report.measure}</small>` : nothing}`
        : '–'
    }</td>
    <td class="number" data-label="Gap">${report ? formatMeasure(report.gap, report.measure) : '–'}</td>
    <td class="number" data-label="Time" title=${warmUp === undefined ? nothing : `${formatSeconds(warmUp)} of it until the first step was done`}>
      ${report ? formatSeconds(report.seconds) : '–'}
    </td>
    <td class="number wide">${epochs(run)}</td>
    <td class="number wide">${report ? report.parameters.toLocaleString('en') : '–'}</td>
    <td class="number wide">${recipe.seed}</td>
    <td class="actions">
      <button type="button" class="quiet" title="Load its recipe into the form" aria-label="Load the recipe of run ${id}"
        @click=${() => actions.load(recipe)}>Load</button>
      <button type="button" class="quiet" title="Remove" aria-label="Remove run ${id}"
        @click=${() => actions.removeRun(id)}>×</button>
    </td>
  </tr>`;
}

function epochs({history, recipe, report}: EndedRun): TemplateResult {
  const done = history.reduce((most, {epoch}) => Math.max(most, epoch), 0);
  const {stopped} = report ?? {};
  if (stopped) {
    return html`${stopped.epoch} of ${recipe.epochs}<br>
      <small class="soft" title=${stopped.why}>${stopped.by === 'signal' ? 'stopped' : `by ${stopped.by}`}</small>`;
  }
  return html`${done}${done === recipe.epochs ? nothing : ` of ${recipe.epochs}`}`;
}

/** `Test error`, `Test loss`, or `Test` where there are both: then each number says what it is. */
function testHead(runs: readonly EndedRun[]): string {
  const measures = new Set(runs.flatMap(({report}) => (report ? [report.measure] : [])));
  return measures.size === 1 ? `Test ${[...measures][0]}` : measures.size === 0 ? 'Test error' : 'Test';
}
