import type {SearchInterval} from '@regularizers/core';
import {html, nothing, type TemplateResult} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import type {Field, LeafField, NumberField, Options} from '../fields/field.ts';
import {placeOnSlider, places, valueOnSlider} from '../fields/slider.ts';
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

/** The id of a field's control. */
export const idOf = ({key}: Pick<Field, 'key'>, {place}: Binding): string =>
  `${place}.${key}`.replaceAll('.', '-');

/** What is wrong with a field, or with a part of it. */
export function wrongAt(key: string, {place, problem}: Binding): string | undefined {
  const at = `${place}.${key}`;
  return [...(problem?.places ?? [])].find(([one]) => one === at || one.startsWith(`${at}.`))?.[1];
}

/** One labelled control, with its range, its help and what is wrong with it. */
export function control(field: LeafField, binding: Binding): TemplateResult {
  const id = idOf(field, binding);
  const wrong = wrongAt(field.key, binding);
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

function input(
  field: LeafField,
  value: unknown,
  {id, described, isWrong, set}: InputBinding,
): TemplateResult {
  const about = described || nothing;
  const invalid = isWrong ? 'true' : nothing;
  if (field.kind === 'flag') {
    return html`<input type="checkbox" id=${id} aria-describedby=${about} aria-invalid=${invalid}
      .checked=${live(value === undefined ? field.initial : value === true)}
      @change=${({target}: InputEvent) => set(field, target.checked)}>`;
  }
  // Not `live`, as the checkbox: what is being typed, or dragged, stays until it is changed for good.
  const text = toText(field, value);
  const change = ({target}: InputEvent): void => set(field, fromText(field, target.value));
  if (field.kind === 'choice') {
    const shown = text || field.initial || '';
    return html`<select id=${id} aria-describedby=${about} aria-invalid=${invalid} @change=${change}>
      ${field.initial === undefined ? html`<option value="" .selected=${shown === ''}>${field.empty ?? ''}</option>` : nothing}
      ${field.choices.map((one) => html`<option value=${one} .selected=${shown === one}>${one}</option>`)}
    </select>`;
  }
  const initial = 'initial' in field ? field.initial : undefined;
  const empty = initial === undefined ? field.empty : String(initial);
  if (field.kind === 'number') {
    return html`${field.slider ? slider(field, field.slider, {id, value, set}) : nothing}<input type="number" id=${id} inputmode=${field.integer ? 'numeric' : 'decimal'}
      min=${field.min ?? field.above ?? nothing} max=${field.max ?? field.below ?? nothing}
      step=${field.step ?? (field.integer ? 1 : 'any')} placeholder=${empty ?? nothing}
      aria-describedby=${about} aria-invalid=${invalid} .value=${text} @change=${change}>`;
  }
  return html`<input type="text" id=${id} placeholder=${empty ?? nothing} spellcheck="false" autocomplete="off"
    aria-describedby=${about} aria-invalid=${invalid} .value=${text} @change=${change}>`;
}

/** A slider over what is worth trying; whoever has no pointer types the number, which has arrows of its own. */
function slider(
  field: NumberField,
  interval: SearchInterval,
  {id, value, set}: Pick<InputBinding, 'id' | 'set'> & {readonly value: unknown},
): TemplateResult {
  const at = ({target}: InputEvent): number =>
    valueOnSlider(interval, field.integer === true, Number(target.value));
  // While it moves, the number follows; what it is left at goes into the recipe.
  const follow = (event: InputEvent): void => {
    const typed = document.querySelector<HTMLInputElement>(`#${CSS.escape(id)}`);
    if (typed) typed.value = String(at(event));
  };
  return html`<input type="range" min="0" max=${places} tabindex="-1" aria-hidden="true"
    .value=${String(placeOnSlider(interval, value ?? field.initial))}
    @input=${follow} @change=${(event: InputEvent) => set(field, at(event))}>`;
}

interface InputEvent {
  readonly target: HTMLInputElement;
}
