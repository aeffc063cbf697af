import {html, nothing, type TemplateResult} from 'lit-html';
import type {Actions} from '../actions.ts';
import {type Part, withKind} from '../draft.ts';
import type {Kind} from '../fields/recipe-fields.ts';
import type {PageState} from '../state.ts';
import {controls} from './controls.ts';

/** A choice among kinds of data, models or optimizers, and the options of the chosen one. */
export function kindView(
  part: Exclude<Part, 'run'>,
  label: string,
  kinds: Readonly<Record<string, Kind>>,
  {draft, problem}: PageState,
  actions: Actions,
): TemplateResult {
  const options = draft[part];
  const wrong = problem?.places.get(part);
  const choose = ({target}: {readonly target: HTMLSelectElement}): void =>
    actions.edit((one) => withKind(one, part, target.value));
  return html`
    <div class="field">
      <label for="${part}-name">${label}</label>
      <select id="${part}-name" aria-invalid=${wrong ? 'true' : nothing}
        aria-describedby=${wrong ? `${part}-wrong` : nothing} @change=${choose}>
        ${Object.entries(kinds).map(
          ([name, kind]) =>
            html`<option value=${name} ?selected=${options['name'] === name}>${kind.label}</option>`,
        )}
      </select>
      ${wrong ? html`<p class="wrong" id="${part}-wrong">${wrong}</p>` : nothing}
    </div>
    ${controls(kinds[String(options['name'])]?.fields ?? [], {
      place: part,
      options,
      problem,
      set: (field, value) => actions.setOption(part, field, value),
    })}
  `;
}
