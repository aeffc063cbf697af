import {html, nothing, type TemplateResult} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {repeat} from 'lit-html/directives/repeat.js';
import {dataTitle} from '../../data/title.ts';
import {formatSeconds} from '../../report/rows.ts';
import type {Actions} from '../actions.ts';
import {against, againstText, againstWords, baselineAmong} from '../runs/baseline.ts';
import {type Column, differingColumns} from '../runs/columns.ts';
import {headOf, type RunRow, rowsOf} from '../runs/rows.ts';
import {type Spread, spreadText} from '../runs/spread.ts';
import type {PageState} from '../state.ts';
import {modelsOf} from '../take-away/take-away.ts';

/** What the rows have in common. */
interface Table {
  readonly columns: readonly Column[];
  readonly baseline: RunRow | undefined;
  /** All rows measure the same: then the heads say what. */
  readonly isOneMeasure: boolean;
  readonly pinned: string | undefined;
  readonly lit: string | undefined;
  readonly saved: PageState['saved'];
}

/** What runs came to, a row per recipe: each is a legend to the curves as well. */
export function runsTable({runs, pinned, lit, saved}: PageState, actions: Actions): TemplateResult {
  const rows = rowsOf(runs);
  const columns = differingColumns(rows);
  const isOneMeasure = new Set(rows.flatMap(({measure}) => measure ?? [])).size < 2;
  const table: Table = {columns, baseline: baselineAmong(rows, pinned), isOneMeasure, pinned, lit, saved};
  return html`<div class="scroll" role="region" aria-label="Runs" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Recipe</th>
          <th scope="col" class="number">${headOf('Validation', rows)}</th>
          <th scope="col" class="number">${headOf('Test', rows)}</th>
          <th scope="col" class="number" title="Test, seed by seed, less the baseline's">Against baseline</th>
          <th scope="col" class="number" title="Evaluated at the end, without dropout and noise">Training</th>
          <th scope="col" class="number" title="Test less training on its labels as given, both evaluated at the end">Gap</th>
          ${columns.map(({head}) => html`<th scope="col" class="number">${head}</th>`)}
          <th scope="col" class="number">Seeds</th>
          <th scope="col" class="number">Epochs</th>
          <th scope="col" class="number">Time</th>
          <th scope="col"><span class="unseen">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        ${
          rows.length === 0
            ? html`<tr class="none"><td colspan="10">Runs are listed here, to compare. Train with and without a
                regularizer to see what it does to the gap.</td></tr>`
            : repeat(
                rows,
                ({key}) => key,
                (row, index) => rowView(row, rows.length - index, table, actions),
              )
        }
      </tbody>
    </table>
  </div>
  ${
    rows.length > 0
      ? html`<p class="help note">Kept in this browser, and nowhere else. ± is the standard error over seeds. Choose by
          validation: whoever chooses by the test learns it by heart, too.</p>`
      : nothing
  }`;
}

function rowView(row: RunRow, number: number, table: Table, actions: Actions): TemplateResult {
  const {key, label, shown, colour, recipe, runs, seconds} = row;
  const {columns, baseline, pinned, lit, saved} = table;
  const hasModel = modelsOf(row, saved) !== undefined;
  const isBaseline = key === baseline?.key;
  const failure = runs.find((run) => run.failure)?.failure;
  const show = ({target}: {readonly target: HTMLInputElement}): void => actions.showRow(key, target.checked);
  const light = (): void => actions.light(key);
  const unlight = (): void => actions.light(undefined);
  const seeds = runs.map((run) => run.recipe.seed);
  return html`<tr data-run=${number} class=${key === lit ? 'lit' : nothing} @pointerenter=${light}
    @pointerleave=${unlight} @focusin=${light} @focusout=${unlight}>
    <th scope="row">
      <div class="run">
        <input type="checkbox" id="run-${number}" .checked=${live(shown)} @change=${show}
          aria-label="Show the curves of ${label}">
        <label for="run-${number}">
          <span class="swatch" .style=${shown ? `background: var(--run-${colour})` : ''} aria-hidden="true"></span>
          <span>${label}${isBaseline ? html` <small class="badge">baseline</small>` : nothing}
            <br><small class="soft">${recipe.model.name} on ${dataTitle(recipe.data)}</small>${
              failure ? html`<br><small data-cell="failure">failed: ${failure.message}</small>` : nothing
            }</span>
        </label>
      </div>
    </th>
    ${valueCell('Validation', row, row.validation, table)}
    ${valueCell('Test', row, row.test, table)}
    ${againstCell(row, isBaseline ? undefined : baseline)}
    ${valueCell('Training', row, row.train, table)}
    ${valueCell('Gap', row, row.gap, table)}
    ${columns.map((column) => html`<td class="number" data-label=${column.head}>${column.textOf(row)}</td>`)}
    <td class="number" data-label="Seeds" title="Seeds ${seeds.join(', ')}">${runs.length === 1 ? html`1 <small class="soft">(${seeds[0]})</small>` : runs.length}</td>
    <td class="number" data-label="Epochs">${epochs(row)}</td>
    <td class="number" data-label="Time" title=${timeWords(row)}>${seconds ? formatSeconds(seconds.mean) : '–'}</td>
    <td class="actions">
      <button type="button" class="quiet" aria-pressed=${key === pinned ? 'true' : 'false'}
        title="Hold the others against this one" aria-label="Pin ${label} as the baseline"
        @click=${() => actions.pin(key)}>Pin</button>
      <button type="button" class="quiet" title="Load its recipe into the form" aria-label="Load the recipe of ${label}"
        @click=${() => actions.load(recipe)}>Load</button>
      <button type="button" class="quiet" aria-disabled=${hasModel ? nothing : 'true'}
        title=${hasModel ? 'Download the trained model, for TensorFlow.js' : 'Trained in an earlier visit, or not to its end: load the recipe and train it again'}
        aria-label="Download the model of ${label}" @click=${() => hasModel && actions.saveModel(row)}>Model</button>
      <button type="button" class="quiet" title="Remove" aria-label="Remove ${label}"
        @click=${() => actions.removeRow(row)}>×</button>
    </td>
  </tr>`;
}

function valueCell(
  side: 'Validation' | 'Test' | 'Training' | 'Gap',
  {measure}: RunRow,
  value: Spread | undefined,
  {isOneMeasure}: Table,
): TemplateResult {
  const words = measure && side !== 'Gap' ? `${side} ${measure}` : side;
  return html`<td class="number" data-cell=${side === 'Test' ? 'error' : side.toLowerCase()} data-label=${words}>${
    value && measure ? spreadText(value, measure) : '–'
  }${value && measure && !isOneMeasure ? html` <small class="soft wordy">${measure}</small>` : nothing}</td>`;
}

function againstCell(row: RunRow, baseline: RunRow | undefined): TemplateResult {
  const difference = baseline && against(row, baseline);
  const why = difference
    ? againstWords(difference)
    : baseline
      ? 'Judged by other data, or on other seeds: not to be compared.'
      : nothing;
  return html`<td class="number" data-cell="against" data-label="Against baseline" title=${why}>${
    difference && row.measure ? againstText(difference, row.measure) : '–'
  }</td>`;
}

/** Seconds are of one run. */
function timeWords({runs}: RunRow): string {
  const [run] = runs;
  const on = run?.backend ? `One run, on ${run.backend.name}.` : 'One run.';
  return run?.warmUp === undefined
    ? on
    : `${on} ${formatSeconds(run.warmUp)} of it until the first step was done.`;
}

function epochs({runs, recipe}: RunRow): TemplateResult {
  const done = runs.map(({history}) => history.reduce((most, {epoch}) => Math.max(most, epoch), 0));
  const [least, most] = [Math.min(...done), Math.max(...done)];
  const {stopped} = runs[0]?.report ?? {};
  const count = least === most ? String(most) : `${least} – ${most}`;
  const of = most === recipe.epochs && least === most ? nothing : ` of ${recipe.epochs}`;
  const by = stopped?.by === 'signal' ? 'stopped' : stopped ? `by ${stopped.by}` : '';
  return html`${count}${of}${by === '' ? nothing : html`<br><small class="soft" title=${stopped?.why ?? nothing}>${by}</small>`}`;
}
