import {html, nothing, type TemplateResult} from 'lit-html';
import type {Point} from '../../data/draw.ts';
import type {PicturesLook} from '../../looks/look.ts';
import type {Actions} from '../actions.ts';
import type {CameraState} from '../drawing/camera-state.ts';
import {moveOf} from '../drawing/drawing.ts';
import type {Seen} from '../looks/seen.ts';
import type {PageState} from '../state.ts';

const mostAnswers = 5;

/** A pad to draw on, and what the models that are shown take the drawing for. `drawPad` fills the canvases. */
export function drawingView(
  state: PageState,
  actions: Actions,
  seen: readonly Seen[],
  pictures: PicturesLook,
): TemplateResult {
  const {drawing, drawn, camera, running} = state;
  const isEmpty = drawing.strokes.length === 0;
  const isOfCamera = seen.at(-1)?.recipe.data.name === 'pictures';
  return html`<section class="drawing" aria-labelledby="drawing-title">
    <h3 id="drawing-title">${camera ? 'Show one to the camera' : 'Draw one yourself'}</h3>
    <div class="drawing-parts">
      ${
        camera
          ? cameraView(camera, actions)
          : html`<div class="pad">
        <canvas id="pad" tabindex="0" role="application" aria-label="Drawing pad" aria-describedby="pad-help"
          @pointerdown=${(event: PointerEvent) => press(event, actions)}
          @pointermove=${(event: PointerEvent) => moveTo(event, actions)}
          @pointerup=${() => actions.draw({does: 'lift'})}
          @pointercancel=${() => actions.draw({does: 'lift'})}
          @keydown=${(event: KeyboardEvent) => key(event, state, actions)}
          @blur=${() => actions.draw({does: 'lift'})}></canvas>
        <div class="row">
          <button type="button" aria-disabled=${isEmpty ? 'true' : nothing} @click=${() => actions.draw({does: 'undo'})}>Undo line</button>
          <button type="button" aria-disabled=${isEmpty ? 'true' : nothing} @click=${() => actions.draw({does: 'clear'})}>Clear</button>
          ${isOfCamera ? html`<button type="button" @click=${actions.camera.open}>Camera …</button>` : nothing}
        </div>
        <p class="help" id="pad-help">With a finger, a pen or the mouse. Or with keys: arrows move the pen (with Shift
          further), Space puts it down or lifts it, Backspace takes back a line.</p>
      </div>`
      }
      <figure class="pad-seen">
        <canvas id="pad-seen" role="img" aria-label=${drawn?.picture ? 'The picture, as the network gets it' : 'There is no picture yet'}></canvas>
        <figcaption class="help">As the network gets it${camera ? '' : ': as large, as thick and where the data’s pictures are'}.</figcaption>
      </figure>
      <div class="answers" aria-live=${running || camera ? 'off' : 'polite'}>${
        drawn?.error
          ? html`<p class="wrong">${drawn.error.message}</p>`
          : seen.map((one) => answerView(one, state, pictures))
      }</div>
    </div>
  </section>`;
}

function answerView(
  {id, title, look}: Seen,
  {running, drawn, models, camera}: PageState,
  {classNames}: PicturesLook,
): TemplateResult {
  const isRunning = running?.id === id;
  const answer = drawn && (isRunning ? look.answer : drawn.answers.get(id));
  const waits = isRunning
    ? 'Answers while it trains.'
    : models.has(id)
      ? `${camera ? 'Show' : 'Draw'}, and it answers.`
      : 'It was trained before this page was loaded: train it again to ask it.';
  return html`<section aria-label="What ${title} takes it for">
    <h4>${title}</h4>
    ${answer ? bars(answer, classNames) : html`<p class="help">${waits}</p>`}
  </section>`;
}

function cameraView({stream, failure}: CameraState, {camera}: Actions): TemplateResult {
  return html`<div class="pad">
    ${
      failure
        ? html`<div class="wrong" role="alert"><p>${failure.message}.</p>${failure.hint ? html`<p>${failure.hint}</p>` : nothing}</div>`
        : stream
          ? html`<video id="asked-video" autoplay muted playsinline .srcObject=${stream} aria-label="What the camera sees"></video>`
          : html`<p class="help" role="status">Waiting for the camera: the browser asks whether this page may have it.</p>`
    }
    <button type="button" @click=${camera.close}>Close the camera</button>
    <p class="help">Some times a second, the models are asked what it sees. It stays in this browser.</p>
  </div>`;
}

const bars = (answer: Float32Array, classNames: readonly string[]): TemplateResult => {
  const best = [...answer.entries()].sort(([, a], [, b]) => b - a).slice(0, mostAnswers);
  return html`<ol class="bars">${best.map(
    ([label, share]) => html`<li>
      <span>${classNames[label] ?? label}</span>
      <span class="track" aria-hidden="true"><span .style=${`width: ${100 * share}%`}></span></span>
      <span class="number">${(100 * share).toFixed(share < 0.995 && share >= 0.1 ? 0 : 1)} %</span>
    </li>`,
  )}</ol>`;
};

const placeOf = ({clientX, clientY}: PointerEvent, pad: HTMLElement): Point => {
  const {left, top, width, height} = pad.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
};

function press(event: PointerEvent, actions: Actions): void {
  if (event.button !== 0) return;
  const pad = event.currentTarget as HTMLElement;
  pad.setPointerCapture(event.pointerId);
  actions.draw({does: 'down', at: placeOf(event, pad)});
}

/** Browsers tell of several places at once, so that a quick line stays round. */
function moveTo(event: PointerEvent, actions: Actions): void {
  const pad = event.currentTarget as HTMLElement;
  if (!pad.hasPointerCapture(event.pointerId)) return;
  const all = event.getCoalescedEvents();
  for (const one of all.length > 0 ? all : [event]) actions.draw({does: 'to', at: placeOf(one, pad)});
}

function key(event: KeyboardEvent, {drawing}: PageState, actions: Actions): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const move = moveOf(event.key, drawing, event.shiftKey);
  if (!move) return;
  event.preventDefault();
  actions.draw(move);
}
