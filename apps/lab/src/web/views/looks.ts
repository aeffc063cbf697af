import {html, nothing, type TemplateResult} from 'lit-html';
import type {LookKind} from '../../looks/draw.ts';
import type {AddedLook, JudgedLook, KeptLook} from '../../looks/look.ts';
import {
  calibrationWords,
  confusionWords,
  curveWords,
  mistakesTitle,
  surfaceWords,
  type Words,
} from '../../looks/words.ts';
import type {Actions} from '../actions.ts';
import {type Seen, seenIn} from '../looks/seen.ts';
import type {PageState} from '../state.ts';
import {drawingView} from './drawing.ts';

/** What the models see. The canvases are filled by `drawLooks`, by the places in their data. */
export function looksView(state: PageState, actions: Actions): TemplateResult {
  const seen = seenIn(state);
  if (seen.length === 0) {
    return html`<p class="help">Train, and this shows what the model makes of its data: beside the baseline, where there
      is one.</p>`;
  }
  const pictures = seen.at(-1)?.look.pictures;
  return html`${pictures ? drawingView(state, actions, seen, pictures) : nothing}
    <div class="looks">${seen.map(oneView)}</div>`;
}

function oneView({title, look, added}: Seen, index: number): TemplateResult {
  const {surface, curve, judged, weights, kept = []} = look;
  return html`<section aria-label=${title}>
    <h3>${title}</h3>
    ${surface ? figure(index, 'surface', surfaceWords(surface)) : nothing}
    ${curve ? figure(index, 'curve', curveWords(curve)) : nothing}
    ${judged ? judgedView(judged, index) : nothing}
    ${kept.map((one, at) => keptView(one, index, at))}
    ${added ? addedView(added, index) : nothing}
    ${
      weights?.tiles
        ? figure(index, 'tiles', {
            label: 'The weights of units of the first layer, as pictures.',
            caption: `${weights.tiles.count} of ${weights.tiles.of} units of the first layer: what each looks for, orange, and avoids, blue.`,
          })
        : nothing
    }
    ${
      weights
        ? figure(index, 'weights', {
            label: 'Histogram of all weights.',
            caption: `Weights from ${short(-weights.histogram.reach)} to ${short(weights.histogram.reach)}; root of the mean square ${short(weights.histogram.size)}.`,
          })
        : nothing
    }
  </section>`;
}

function keptView({plugin, at, portion, tiles}: KeptLook, index: number, which: number): TemplateResult {
  const words = `${plugin} keeps ${Math.round(100 * portion)} % at ${at}`;
  return html`<figure>
    <canvas data-look=${index} data-kind="kept" data-at=${which} role="img" aria-label=${words}></canvas>
    <figcaption class="help">${words}, in one pass as in training: ${
      tiles > 1 ? 'channels of the first example' : 'a row for each example'
    }; coloured is kept, empty dropped, grey was zero before.</figcaption>
  </figure>`;
}

/** What each penalty adds to the loss, and how much it is by now. */
function addedView({epochs, loss, penalties}: AddedLook, index: number): TemplateResult {
  const parts = penalties.map(({name, values}) => `${name} adds ${short(values.at(-1)!)}`).join(', ');
  const words = `In epoch ${epochs.at(-1)}: to a loss of ${short(loss.at(-1)!)}, ${parts}.`;
  return html`<figure>
    <canvas data-look=${index} data-kind="added" role="img" aria-label="What penalties add to the loss. ${words}"></canvas>
    <figcaption class="help">What penalties add to the loss, by epoch. ${words}${
      penalties.length > 1
        ? html` ${penalties.map(
            ({name}, which) =>
              html`<span class="legend"><span class="swatch" .style=${`background: var(--run-${which % 10})`}></span>${name}</span>`,
          )}`
        : nothing
    }</figcaption>
  </figure>`;
}

function judgedView(judged: JudgedLook, index: number): TemplateResult {
  const {mistakes} = judged;
  return html`
    ${
      mistakes.length > 0
        ? html`<figure>
            <figcaption>${mistakesTitle}</figcaption>
            <ol class="mistakes">${mistakes.map(
              ({label, guess, confidence}, at) => html`<li>
                <canvas data-look="${index}" data-kind="mistake" data-at=${at} role="img"
                  aria-label="A ${label} that was taken for a ${guess}"></canvas>
                <span>${label} → ${guess}<br><small class="soft">${Math.round(100 * confidence)} % sure</small></span>
              </li>`,
            )}</ol>
          </figure>`
        : nothing
    }
    ${figure(index, 'confusion', confusionWords(judged))}
    ${figure(index, 'calibration', calibrationWords(judged))}`;
}

const figure = (index: number, kind: LookKind, {label, caption}: Words): TemplateResult => html`<figure>
    <canvas data-look=${index} data-kind=${kind} role="img" aria-label=${label}></canvas>
    <figcaption class="help">${caption}</figcaption>
  </figure>`;

const short = (value: number): string => String(Number(value.toPrecision(2)));
