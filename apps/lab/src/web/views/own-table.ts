import {html, nothing, type TemplateResult} from 'lit-html';
import {type CsvOptions, columnUse} from '../../data/own/options.ts';
import {columnText} from '../../data/report.ts';
import type {Actions} from '../actions.ts';
import {withColumn, withTarget} from '../draft.ts';
import type {KeptData} from '../own/kept-data.ts';
import type {PageState} from '../state.ts';

interface SelectEvent {
  readonly target: HTMLSelectElement;
}

/** Which column of a table is predicted, and what becomes of the others. */
export function ownTableView(
  data: CsvOptions,
  kept: KeptData | undefined,
  {plan, planned}: PageState,
  actions: Actions,
): TemplateResult | typeof nothing {
  const {target} = data;
  const columns = kept?.columns ?? [];
  if (columns.length === 0) return nothing;
  const choose = (event: SelectEvent): void =>
    actions.edit((draft) => withTarget(draft, event.target.value), 'the choice of a target');
  // Of the recipe before, a plan says what is not so any more.
  const isOfThis = planned?.data.name === 'csv' && planned.data.target === target;
  const encoding = isOfThis && plan?.encoding?.kind === 'table' ? plan.encoding : undefined;
  const ignored = encoding?.columns.filter(({name, use}) => use === 'ignored' && name !== target) ?? [];
  const count = columns.length - 1;
  return html`
    <div class="field">
      <label for="own-target">Column to predict</label>
      <select id="own-target" aria-describedby="own-target-help" @change=${choose}>
        ${columns.includes(target) ? nothing : html`<option value=${target} .selected=${true}>${target} (not there)</option>`}
        ${columns.map((name) => html`<option value=${name} .selected=${name === target}>${name}</option>`)}
      </select>
      <p class="help" id="own-target-help">${encoding ? targetText(encoding.target) : nothing}</p>
    </div>
    <details class="more columns">
      <summary>${count === 1 ? '1 column' : `${count} columns`} to predict it from${
        ignored.length > 0 ? `, ${ignored.length} of them ignored` : ''
      }</summary>
      <ul>
        ${columns
          .filter((name) => name !== target)
          .map((name) => {
            const found = encoding?.columns.find((one) => one.name === name);
            return columnView(name, data.columns?.[name], found ? columnText(found) : '', actions);
          })}
      </ul>
      ${
        encoding && encoding.untold > 0
          ? html`<p class="help">${encoding.untold} rows have no ${target}, and are left out.</p>`
          : nothing
      }
    </details>`;
}

function columnView(name: string, use: string | undefined, what: string, actions: Actions): TemplateResult {
  const choose = (event: SelectEvent): void =>
    actions.edit(
      (draft) => withColumn(draft, name, event.target.value || undefined),
      `what ${name} is taken for`,
    );
  return html`<li>
    <span><strong>${name}</strong> <span class="soft">${what}</span></span>
    <select aria-label="What ${name} is taken for" @change=${choose}>
      <option value="" .selected=${use === undefined}>as it looks</option>
      ${columnUse.options.map((one) => html`<option value=${one} .selected=${use === one}>${one}</option>`)}
    </select>
  </li>`;
}

function targetText(target: {readonly use: string; readonly classes?: readonly string[]}): string {
  const {classes = []} = target;
  if (target.use !== 'classes') return 'A number: the loss is in squares of its standard deviation.';
  const rest = classes.length - 8;
  return `${classes.length} classes: ${classes.slice(0, 8).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}
