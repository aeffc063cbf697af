import {html, nothing, type TemplateResult} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import type {Actions, WebcamActions} from '../actions.ts';
import {type WebcamClass, type WebcamState, whyNotUsed} from '../own/webcam-state.ts';
import type {PageState} from '../state.ts';

/** Pictures from the camera, a class for each button that is held. */
export function webcamView({webcam}: PageState, {webcam: actions}: Actions): TemplateResult | typeof nothing {
  if (!webcam) return nothing;
  const {stream, classes, failure} = webcam;
  const why = whyNotUsed(classes);
  return html`<div class="webcam" role="group" aria-label="Webcam">
    ${
      failure
        ? html`<div class="wrong" role="alert"><p>${failure.message}.</p>${failure.hint ? html`<p>${failure.hint}</p>` : nothing}</div>`
        : stream
          ? html`<video id="webcam-video" autoplay muted playsinline .srcObject=${stream}
              aria-label="What the camera sees"></video>
            <ol>${repeat(
              classes,
              ({id}) => id,
              (one) => classView(one, webcam, actions),
            )}</ol>
            <div class="row">
              <button type="button" @click=${actions.addClass}>Add a class</button>
              <button type="button" aria-disabled=${why === undefined ? nothing : 'true'}
                @click=${() => actions.use()}>Use these pictures</button>
            </div>
            <p class="help">${why ?? 'Only the middle of the picture is taken. It stays in this browser.'}</p>`
          : html`<p class="help" role="status">Waiting for the camera: the browser asks whether this page may have it.</p>`
    }
    <button type="button" @click=${() => actions.close()}>Close the camera</button>
  </div>`;
}

function classView(
  {id, name, pictures}: WebcamClass,
  {classes, recording}: WebcamState,
  actions: WebcamActions,
): TemplateResult {
  const isKey = ({key}: KeyboardEvent): boolean => key === ' ' || key === 'Enter';
  const hold = (event: PointerEvent): void => {
    (event.target as HTMLElement).setPointerCapture(event.pointerId);
    actions.hold(id);
  };
  // Not `live`: what is being typed stays until it is changed for good.
  return html`<li>
    <input type="text" aria-label="Name of ${name}" .value=${name} spellcheck="false" autocomplete="off"
      @change=${({target}: {readonly target: HTMLInputElement}) => actions.rename(id, target.value)}>
    <button type="button" class=${recording === id ? 'hold on' : 'hold'} aria-label="Hold to record ${name}"
      @pointerdown=${hold} @pointerup=${actions.letGo} @pointercancel=${actions.letGo}
      @lostpointercapture=${actions.letGo} @blur=${actions.letGo} @contextmenu=${(event: Event) => event.preventDefault()}
      @keydown=${(event: KeyboardEvent) => isKey(event) && !event.repeat && actions.hold(id)}
      @keyup=${(event: KeyboardEvent) => isKey(event) && actions.letGo()}>Hold to record</button>
    <span class="soft">${pictures.length}</span>
    ${
      classes.length > 2
        ? html`<button type="button" class="quiet" title="Remove" aria-label="Remove ${name}"
            @click=${() => actions.removeClass(id)}>×</button>`
        : nothing
    }
  </li>`;
}
