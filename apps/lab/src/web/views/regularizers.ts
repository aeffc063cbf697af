import {html, nothing, type TemplateResult} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {repeat} from 'lit-html/directives/repeat.js';
import type {Actions} from '../actions.ts';
import {type Card, withCard, withCardEarlier} from '../draft.ts';
import {type Field, textField} from '../fields/field.ts';
import {placeOf} from '../problem.ts';
import type {PageState} from '../state.ts';
import {techniqueForms, techniqueGroups} from '../techniques.ts';
import {controls} from './controls.ts';

const nameField: Field = textField('text', 'as', 'Name', {
  empty: 'its own',
  help: 'Where a recipe has one technique twice.',
});

/** The regularizers of the recipe, one card each, and a list to add from. */
export function regularizersView(state: PageState, actions: Actions): TemplateResult {
  const {misfits, draft} = state;
  const {cards} = draft;
  return html`
    ${cards.length === 0 ? html`<p class="help">None: this is the baseline that the others are compared with.</p>` : nothing}
    <ol class="cards">${repeat(
      cards,
      ({id}) => id,
      (card, index) => cardView(card, index, state, actions),
    )}</ol>
    <form class="row add" @submit=${(event: SubmitEvent) => add(event, actions)}>
      <label class="unseen" for="technique">Regularizer to add</label>
      <select id="technique" name="technique">
        ${techniqueGroups.map(
          ([family, names]) => html`<optgroup label=${family}>
            ${names.map(
              (name) =>
                html`<option value=${name} ?disabled=${misfits.has(name)}>${techniqueForms[name]?.label ?? name}</option>`,
            )}
          </optgroup>`,
        )}
      </select>
      <button>Add</button>
    </form>
    ${
      misfits.size > 0
        ? html`<details class="more misfits">
            <summary>${misfits.size} do nothing on this data and model</summary>
            <ul class="help">${[...misfits].map(
              ([name, why]) =>
                html`<li><strong>${techniqueForms[name]?.label ?? name}</strong>: ${why}.</li>`,
            )}</ul>
          </details>`
        : nothing
    }
  `;
}

function add(event: SubmitEvent, actions: Actions): void {
  event.preventDefault();
  const {value} = (event.target as HTMLFormElement).elements.namedItem('technique') as HTMLSelectElement;
  actions.addTechnique(value);
}

function cardView(card: Card, index: number, {problem, draft}: PageState, actions: Actions): TemplateResult {
  const {id, enabled, options} = card;
  const technique = String(options['name']);
  const form = techniqueForms[technique];
  const title = form?.label ?? technique;
  const called = options['as'] === undefined ? title : `${title} “${options['as']}”`;
  const place = placeOf(card);
  const wrong = problem?.places.get(place) ?? problem?.places.get(`${place}.name`);
  const toggle = ({target}: {readonly target: HTMLInputElement}): void =>
    actions.edit((draft) => withCard(draft, id, (one) => ({...one, enabled: target.checked})));
  return html`<li class=${enabled ? 'card' : 'card off'}>
    <header>
      <input type="checkbox" id="${place}-on" .checked=${live(enabled)} @change=${toggle}>
      <label for="${place}-on">${called}</label>
      ${
        // The first one has it too: whoever moved a card up there still has the focus on it.
        draft.cards.length > 1
          ? html`<button type="button" class="quiet" title="Move up" aria-label="Move ${called} up"
              aria-disabled=${index === 0 ? 'true' : nothing} @click=${() => actions.edit((draft) => withCardEarlier(draft, id))}>↑</button>`
          : nothing
      }
      <button type="button" class="quiet" title="Remove" aria-label="Remove ${called}"
        @click=${() => actions.removeCard(card, called)}>×</button>
    </header>
    ${wrong ? html`<p class="wrong">${wrong}</p>` : nothing}
    ${
      enabled && form
        ? html`<p class="help">${form.about}</p>
            <div class="options" role="group" aria-label=${called}>${controls(
              form.fields,
              {place, options, problem, set: (field, value) => actions.setCardOption(card, field, value)},
              nameField,
            )}</div>`
        : nothing
    }
  </li>`;
}
