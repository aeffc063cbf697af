import {html, nothing, type TemplateResult} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {unsafeHTML} from 'lit-html/directives/unsafe-html.js';
import {lessons} from '../../examples/lessons/index.ts';
import {holds, type Lesson, type LessonNumber, type LessonResult} from '../../examples/lessons/lesson.ts';
import {numberText, verdictOf, wantedText} from '../../examples/lessons/text.ts';
import {formatMeasure} from '../../report/rows.ts';
import type {Actions} from '../actions.ts';
import {placeOnSlider, places, valueOnSlider} from '../fields/slider.ts';
import {rangeText} from '../fields/value.ts';
import {spaced} from '../fields/words.ts';
import {labHash, lessonHash, type OpenLesson} from '../lessons/open-lesson.ts';
import type {PageState} from '../state.ts';

/** All lessons, and the lab: each is an address. */
export function lessonStrip({lesson}: PageState): TemplateResult {
  const link = (hash: string, words: string, isOpen: boolean): TemplateResult =>
    html`<li><a href=${hash} aria-current=${isOpen ? 'page' : nothing}>${words}</a></li>`;
  return html`<nav class="strip" aria-label="Lessons">
    <ol>
      ${lessons.map(({name}) => link(lessonHash(name), spaced(name.replaceAll('-', ' ')), name === lesson?.name))}
      ${link(labHash, 'Lab', lesson === undefined)}
    </ol>
  </nav>`;
}

/** A lesson in place of the lab: its claim, its number, and what it came to. */
export function lessonView(open: OpenLesson, actions: Actions): TemplateResult {
  const {lesson, result, failure} = open;
  return html`<article class="lesson" aria-labelledby="lesson-title">
    ${
      failure
        ? html`<div class="message bad" role="alert"><div><p><strong>${failure.where}</strong>: ${failure.message}</p>
            ${failure.hint ? html`<p class="hint">${failure.hint}</p>` : nothing}</div></div>`
        : nothing
    }
    ${lesson && result ? parts(open, lesson, result, actions) : failure ? nothing : html`<p class="help">Opening the lesson …</p>`}
  </article>`;
}

function parts(open: OpenLesson, lesson: Lesson, result: LessonResult, actions: Actions): TemplateResult {
  const {pictures} = open;
  return html`
    <header class="panel claim">
      <h2 id="lesson-title">${lesson.title}</h2>
      <p class="lead">${lesson.claim}</p>
      ${controlsView(open, lesson, result, actions)}
    </header>
    <section class="panel shown" aria-label="What it came to">
      <div class="pictures">${pictures.map((picture) => unsafeHTML(picture))}</div>
    </section>
    <section class="panel" aria-labelledby="lesson-numbers">
      <h3 id="lesson-numbers">Measured, beside expected</h3>
      ${numbersView(lesson, result)}
      ${pairView(result)}
      <div class="row">
        <button type="button" @click=${actions.openInLab} aria-describedby="open-help">Open in the lab</button>
      </div>
      <p class="help" id="open-help">Trains both recipes there, with their curves and what the models see, and leaves the
        second one in the form.</p>
    </section>
    <section class="panel" aria-labelledby="lesson-see">
      <h3 id="lesson-see">What you should see</h3>
      ${lesson.see.map((text) => html`<p>${text}</p>`)}
      <h3>What is exact</h3>
      ${lesson.exact.map((text) => html`<p>${text}</p>`)}
      <h3>Sources</h3>
      <ul class="sources">${lesson.sources.map(
        ({paper, where, url}) =>
          html`<li>${url ? html`<a href=${url} rel="noreferrer">${paper}</a>` : paper}, ${where}</li>`,
      )}</ul>
    </section>
  `;
}

/** The number, on a slider and typed, and the button that trains with it. */
function controlsView(
  open: OpenLesson,
  lesson: Lesson,
  result: LessonResult,
  actions: Actions,
): TemplateResult {
  const {value, wrong, training} = open;
  const {slider} = lesson;
  const {min, max, scale, step} = slider;
  const interval = {from: min, to: max, scale};
  const at = ({target}: InputEvent): number =>
    onStep(valueOnSlider(interval, false, Number(target.value)), slider);
  const press = ({detail}: MouseEvent): void => {
    if (detail > 1) return;
    if (training) actions.stopLesson();
    else actions.trainLesson();
  };
  const isOther = wrong === undefined && Number(value) !== result.value;
  return html`
    <div class="field lesson-value">
      <div class="label"><label for="lesson-value">${slider.label}</label>
        <span class="range" id="lesson-range">${rangeText({min, max})}</span></div>
      <input type="range" min="0" max=${places} aria-label="${slider.label}, on a slider" aria-valuetext=${String(value)}
        .value=${live(String(placeOnSlider(interval, Number(value))))}
        @input=${(event: InputEvent) => actions.setLessonValue(at(event))}>
      <input type="number" id="lesson-value" inputmode="decimal" min=${min} max=${max} step=${step ?? 'any'}
        aria-describedby="lesson-range${wrong === undefined ? '' : ' lesson-wrong'}"
        aria-invalid=${wrong === undefined ? nothing : 'true'} .value=${String(value)}
        @change=${({target}: InputEvent) => actions.setLessonValue(target.value.trim() === '' ? Number.NaN : Number(target.value))}>
      ${wrong === undefined ? nothing : html`<p class="wrong" id="lesson-wrong">${wrong}</p>`}
    </div>
    <div class="lesson-run">
      <button type="button" class=${training ? 'stop' : 'train'} aria-disabled=${wrong === undefined || training ? nothing : 'true'}
        @click=${press}>${training ? (training.stopping ? 'Cut off' : 'Stop') : 'Train both'}</button>
      <div class="progress">
        <progress aria-label="Training the lesson" max="1" value=${training?.done ?? 0}></progress>
        <p>${
          training
            ? training.stopping
              ? 'Stopping after this step …'
              : `${Math.round(100 * training.done)} % · ${training.words}`
            : isOther
              ? `Below is what ${result.value} came to. Train both to see ${String(value)}.`
              : `Trained with ${result.value}.`
        }</p>
      </div>
    </div>
  `;
}

/** What has steps is on one of them, also where the slider stands in between. */
function onStep(value: number, {min, max, step}: Lesson['slider']): number {
  if (step === undefined) return value;
  return Number(Math.min(max, Math.max(min, Math.round(value / step) * step)).toPrecision(12));
}

function numbersView({claim}: Lesson, result: LessonResult): TemplateResult {
  return html`<div class="scroll" role="region" aria-label="Measured and expected numbers" tabindex="0">
      <table class="numbers" aria-description=${claim}>
        <thead><tr><th scope="col"><span class="unseen">Number</span></th><th scope="col" class="number">Measured</th>
          <th scope="col">Expected</th></tr></thead>
        <tbody>${result.numbers.map(numberRow)}</tbody>
      </table>
    </div>
    <p class="verdict">${verdictOf(result)}</p>`;
}

function numberRow(number: LessonNumber): TemplateResult {
  const isKept = holds(number);
  return html`<tr>
    <th scope="row"><span class=${isKept ? 'yes' : 'no'} aria-hidden="true">${isKept ? '✓' : '✗'}</span>
      <span class="unseen">${isKept ? 'As it must be: ' : 'Not as it must be: '}</span>${number.label}${
        number.note === undefined ? nothing : html`<br><small class="soft">${number.note}</small>`
      }</th>
    <td class="number" data-label="Measured">${numberText(number.measured, number.unit)}</td>
    <td data-label="Expected">${wantedText(number)}</td>
  </tr>`;
}

/** What the pair came to, as any run. */
function pairView({baseline, recipe}: LessonResult): TemplateResult {
  const {measure} = baseline;
  const rows = (['trainingError', 'validationError', 'testError'] as const).map(
    (key) => html`<tr><th scope="row">${spaced(key).replace('error', measure)}</th>
      <td class="number" data-label="Without">${formatMeasure(baseline[key], measure)}</td>
      <td class="number" data-label="With">${formatMeasure(recipe[key], measure)}</td></tr>`,
  );
  return html`<div class="scroll"><table class="pair">
    <thead><tr><th scope="col"><span class="unseen">Error</span></th><th scope="col" class="number">Without</th>
      <th scope="col" class="number">With</th></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}

interface InputEvent {
  readonly target: HTMLInputElement;
}
