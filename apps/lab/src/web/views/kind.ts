import {html, nothing, type TemplateResult} from 'lit-html';
import type {Actions} from '../actions.ts';
import {type Draft, type Part, withKind} from '../draft.ts';
import type {Field} from '../fields/field.ts';
import type {Kind} from '../fields/recipe-fields.ts';
import type {PageState} from '../state.ts';
import {controls} from './controls.ts';

/** One of the kinds of data, models or optimizers, as it can be chosen. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly choose: () => void;
}

/** What there is to choose from. */
export interface Choices {
  /** Under a heading each, where there are several. */
  readonly groups: readonly {readonly label: string; readonly choices: readonly Choice[]}[];
  /** The value of the chosen one. */
  readonly chosen: string;
  /** Its options. */
  readonly fields: readonly Field[];
}

/** Kinds by their names. */
export function choicesOf(
  part: Exclude<Part, 'run'>,
  kinds: Readonly<Record<string, Kind>>,
  draft: Draft,
  actions: Actions,
): Choices {
  const chosen = String(draft[part]['name']);
  const choices = Object.entries(kinds).map(([value, {label}]) => ({
    value,
    label,
    choose: () => actions.edit((one) => withKind(one, part, value)),
  }));
  return {groups: [{label: '', choices}], chosen, fields: kinds[chosen]?.fields ?? []};
}

/**
 * A choice among kinds of data, models or optimizers, and the options of the chosen one.
 *
 * @param between what stands between the two
 */
export function kindView(
  part: Exclude<Part, 'run'>,
  label: string,
  {groups, chosen, fields}: Choices,
  {draft, problem}: PageState,
  actions: Actions,
  between: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const wrong = problem?.places.get(part);
  const choose = ({target}: {readonly target: HTMLSelectElement}): void =>
    groups
      .flatMap(({choices}) => choices)
      .find(({value}) => value === target.value)
      ?.choose();
  const options = (choices: readonly Choice[]): readonly TemplateResult[] =>
    choices.map(
      (one) => html`<option value=${one.value} .selected=${one.value === chosen}>${one.label}</option>`,
    );
  const filled = groups.filter(({choices}) => choices.length > 0);
  return html`
    <div class="field">
      <label for="${part}-name">${label}</label>
      <select id="${part}-name" aria-invalid=${wrong ? 'true' : nothing}
        aria-describedby=${wrong ? `${part}-wrong` : nothing} @change=${choose}>
        ${
          filled.length === 1
            ? options(filled[0]!.choices)
            : filled.map((one) => html`<optgroup label=${one.label}>${options(one.choices)}</optgroup>`)
        }
      </select>
      ${wrong ? html`<p class="wrong" id="${part}-wrong">${wrong}</p>` : nothing}
    </div>
    ${between}
    ${controls(fields, {
      place: part,
      options: draft[part],
      problem,
      set: (field, value) => actions.setOption(part, field, value),
    })}
  `;
}
