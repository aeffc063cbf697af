import {html, nothing, type TemplateResult} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import type {Field, Options} from '../fields/field.ts';
import {fromText, rangeText, toText, valueAt} from '../fields/value.ts';
import type {Problem} from '../problem.ts';

/** Where a control's options are, and what becomes of a change. */
export interface Binding {
  /** The start of the control's id and of its place in problems, such as `data` or `card3`. */
  readonly place: string;
  readonly options: Options;
  readonly problem: Problem | undefined;
  readonly set: (field: Field, value: unknown) => void;
}

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
    ${plain.length > 0 ? html`<div class="fields">${plain.map((field) => control(field, binding))}</div>` : nothing}
    ${
      rare.length > 0
        ? html`<details class="more" ?open=${rare.some((field) => hasProblem(field, binding))}>
            <summary>More options</summary>
            <div class="fields">${rare.map((field) => control(field, binding))}</div>
          </details>`
        : nothing
    }
  `;
}

const hasProblem = ({key}: Field, {place, problem}: Binding): boolean =>
  problem?.places.has(`${place}.${key}`) ?? false;

/** One labelled control, with its range, its help and what is wrong with it. */
function control(field: Field, binding: Binding): TemplateResult {
  const place = `${binding.place}.${field.key}`;
  const id = place.replaceAll('.', '-');
  const wrong = binding.problem?.places.get(place);
  const range = field.kind === 'number' ? rangeText(field) : '';
  const described = [range && `${id}-range`, field.help && `${id}-help`, wrong && `${id}-wrong`];
  const value = valueAt(binding.options, field.key);
  const unit =
    field.kind === 'number' && field.unit ? html` <span class="soft">(${field.unit})</span>` : nothing;
  return html`<div class=${field.kind === 'flag' ? 'field flag' : 'field'}>
    <div class="label">
      <label for=${id}>${field.label}${unit}</label>
      ${range ? html`<span class="range" id="${id}-range">${range}</span>` : nothing}
    </div>
    ${input(field, value, {
      id,
      described: described.filter(Boolean).join(' '),
      isWrong: wrong !== undefined,
      set: binding.set,
    })}
    ${field.help ? html`<p class="help" id="${id}-help">${field.help}</p>` : nothing}
    ${wrong ? html`<p class="wrong" id="${id}-wrong">${wrong}</p>` : nothing}
  </div>`;
}

interface InputBinding {
  readonly id: string;
  readonly described: string;
  readonly isWrong: boolean;
  readonly set: Binding['set'];
}

function input(field: Field, value: unknown, {id, described, isWrong, set}: InputBinding): TemplateResult {
  const about = described || nothing;
  const invalid = isWrong ? 'true' : nothing;
  if (field.kind === 'flag') {
    return html`<input type="checkbox" id=${id} aria-describedby=${about} aria-invalid=${invalid}
      .checked=${live(value === undefined ? field.initial : value === true)}
      @change=${({target}: InputEvent) => set(field, target.checked)}>`;
  }
  // Not `live`, as the checkbox: what is being typed stays until it is changed for good.
  const text = toText(field, value);
  const change = ({target}: InputEvent): void => set(field, fromText(field, target.value));
  if (field.kind === 'choice') {
    const shown = text || field.initial || '';
    return html`<select id=${id} aria-describedby=${about} aria-invalid=${invalid} @change=${change}>
      ${field.initial === undefined ? html`<option value="" ?selected=${shown === ''}>${field.empty ?? ''}</option>` : nothing}
      ${field.choices.map((one) => html`<option value=${one} ?selected=${shown === one}>${one}</option>`)}
    </select>`;
  }
  const initial = 'initial' in field ? field.initial : undefined;
  const empty = initial === undefined ? field.empty : String(initial);
  if (field.kind === 'number') {
    return html`<input type="number" id=${id} inputmode=${field.integer ? 'numeric' : 'decimal'}
      min=${field.min ?? field.above ?? nothing} max=${field.max ?? field.below ?? nothing}
      step=${field.step ?? (field.integer ? 1 : 'any')} placeholder=${empty ?? nothing}
      aria-describedby=${about} aria-invalid=${invalid} .value=${text} @change=${change}>`;
  }
  return html`<input type="text" id=${id} placeholder=${empty ?? nothing} spellcheck="false" autocomplete="off"
    aria-describedby=${about} aria-invalid=${invalid} .value=${text} @change=${change}>`;
}

interface InputEvent {
  readonly target: HTMLInputElement;
}
