import {html, nothing, type TemplateResult} from 'lit-html';
import type {Field, ListField, OneOfField, RecordField, TechniqueField} from '../fields/field.ts';
import {valueAt} from '../fields/value.ts';
import {type Binding, control, idOf, wrongAt} from './control.ts';
import {openedBy} from './opened-by.ts';

/** The controls of some options; the rarer ones under "More options". */
export function controls(
  fields: readonly Field[],
  binding: Binding,
  ...more: readonly Field[]
): TemplateResult {
  const shown = fields.filter(({when}) => when?.(binding.options) ?? true);
  const plain = shown.filter(({advanced}) => !advanced);
  const rare = [...shown.filter(({advanced}) => advanced), ...more];
  return html`
    ${plain.length > 0 ? html`<div class="fields">${plain.map((field) => parts(field, binding))}</div>` : nothing}
    ${
      rare.length > 0
        ? html`<details class="more" ${openedBy(rare.some((field) => wrongAt(field.key, binding) !== undefined))}>
            <summary>More options</summary>
            <div class="fields">${rare.map((field) => parts(field, binding))}</div>
          </details>`
        : nothing
    }
  `;
}

/** The controls of one field. */
function parts(field: Field, binding: Binding): TemplateResult {
  switch (field.kind) {
    case 'record':
      return recordParts(field, binding);
    case 'oneOf':
      return oneOfParts(field, binding);
    case 'list':
      return listParts(field, binding);
    case 'technique':
      return techniqueParts(field, binding);
    default:
      return control(field, binding);
  }
}

const wrongOf = (field: Field, {place, problem}: Binding): TemplateResult | typeof nothing => {
  const wrong = problem?.places.get(`${place}.${field.key}`);
  return wrong ? html`<p class="wrong">${wrong}</p>` : nothing;
};

const helpOf = ({help}: Field, id: string): TemplateResult | typeof nothing =>
  help ? html`<p class="help" id="${id}-help">${help}</p>` : nothing;

function recordParts(field: RecordField, binding: Binding): TemplateResult {
  const id = idOf(field, binding);
  return html`<div class="group" role="group" aria-label=${field.label}>
    <p class="caption">${field.label}</p>
    ${helpOf(field, id)} ${controls(field.fields, binding)} ${wrongOf(field, binding)}
  </div>`;
}

/** Which kind of value, and the controls of that kind beside it. */
function oneOfParts(field: OneOfField, binding: Binding): TemplateResult {
  const id = idOf(field, binding);
  const value = valueAt(binding.options, field.key);
  const [first] = field.alternatives;
  const chosen = value === undefined ? first : (field.alternatives.find(({holds}) => holds(value)) ?? first);
  const inner = chosen?.field.kind === 'record' ? chosen.field.fields : chosen ? [chosen.field] : [];
  return html`<div class="field">
      <div class="label"><label for=${id}-kind>${field.label}</label></div>
      <select id=${id}-kind aria-describedby=${field.help ? `${id}-help` : nothing}
        @change=${({target}: {readonly target: HTMLSelectElement}) =>
          binding.set(field, field.alternatives[target.selectedIndex]?.start)}>
        ${field.alternatives.map((one) => html`<option .selected=${one === chosen}>${one.label}</option>`)}
      </select>
      ${helpOf(field, id)}
    </div>
    ${inner.map((one) => parts(one, binding))}`;
}

function listParts(field: ListField, binding: Binding): TemplateResult {
  const id = idOf(field, binding);
  const value = valueAt(binding.options, field.key);
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  const set = (next: readonly unknown[]): void => binding.set(field, next.length === 0 ? undefined : next);
  return html`<div class="group" role="group" aria-label=${field.label}>
    <p class="caption">${field.label}</p>
    ${helpOf(field, id)}
    ${entries.map(
      (_, index) => html`<div class="entry">
        <div class="fields">${parts(field.entry(`${field.key}.${index}`), binding)}</div>
        <button type="button" class="quiet" title="Remove" aria-label="Remove ${index + 1} of ${field.label}"
          @click=${() => set(entries.toSpliced(index, 1))}>×</button>
      </div>`,
    )}
    <button type="button" @click=${() => set([...entries, field.start ?? ''])}>Add to ${field.label.toLowerCase()}</button>
    ${wrongOf(field, binding)}
  </div>`;
}

function techniqueParts(field: TechniqueField, binding: Binding): TemplateResult {
  const id = idOf(field, binding);
  const name = String(valueAt(binding.options, `${field.key}.name`));
  return html`<div class="group" role="group" aria-label=${field.label}>
    <div class="field">
      <div class="label"><label for=${id}-name>Technique ${field.label}</label></div>
      <select id=${id}-name
        @change=${({target}: {readonly target: HTMLSelectElement}) => binding.set(field, {name: target.value})}>
        ${field.choices.map((one) => html`<option value=${one.name} .selected=${one.name === name}>${one.label}</option>`)}
      </select>
    </div>
    ${controls(field.fields(name), binding)} ${wrongOf(field, binding)}
  </div>`;
}
