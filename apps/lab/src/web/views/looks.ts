import {html, nothing, type TemplateResult} from 'lit-html';
import {formatMeasure} from '../../report/rows.ts';
import type {Actions} from '../actions.ts';
import type {AddedLook, JudgedLook, KeptLook} from '../looks/look.ts';
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
  const wrong = surface ? [...surface.labels].filter((label, at) => label !== surface.guesses[at]).length : 0;
  return html`<section aria-label=${title}>
    <h3>${title}</h3>
    ${
      surface
        ? figure(
            index,
            'surface',
            `The class that the model gives each place; ${wrong} of ${surface.labels.length} training points are on the wrong side.`,
            html`${wrong} of ${surface.labels.length} training points ringed: the model has them wrong, or their label is.`,
          )
        : nothing
    }
    ${
      curve
        ? figure(
            index,
            'curve',
            'The fitted curve and the training points.',
            curve.members > 1
              ? `The mean of ${curve.members} predictions, in the band from the lowest to the highest.`
              : 'The fitted curve, and the points that it was trained on.',
          )
        : nothing
    }
    ${judged ? judgedView(judged, index) : nothing}
    ${kept.map((one, at) => keptView(one, index, at))}
    ${added ? addedView(added, index) : nothing}
    ${
      weights?.tiles
        ? figure(
            index,
            'tiles',
            'The weights of units of the first layer, as pictures.',
            `${weights.tiles.count} of ${weights.tiles.of} units of the first layer: what each looks for, orange, and avoids, blue.`,
          )
        : nothing
    }
    ${
      weights
        ? figure(
            index,
            'weights',
            'Histogram of all weights.',
            `Weights from ${short(-weights.histogram.reach)} to ${short(weights.histogram.reach)}; root of the mean square ${short(weights.histogram.size)}.`,
          )
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

function judgedView(
  {mistakes, calibration, confusion, classNames}: JudgedLook,
  index: number,
): TemplateResult {
  return html`
    ${
      mistakes.length > 0
        ? html`<figure>
            <figcaption>The mistakes on the test set that it was surest of</figcaption>
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
    ${figure(
      index,
      'confusion',
      `Confusion matrix. ${confusionWords(confusion, classNames)}`,
      html`Rows: what it is; columns: what it was taken for. ${confusionWords(confusion, classNames)}`,
    )}
    ${figure(
      index,
      'calibration',
      `Accuracy by confidence; the expected calibration error is ${formatMeasure(calibration.error, 'error')}.`,
      html`How often it is right, by how sure it is. Expected calibration error (ECE):
        ${formatMeasure(calibration.error, 'error')}.`,
    )}`;
}

/** The pair of classes that is taken for each other most often. */
function confusionWords(confusion: readonly (readonly number[])[], names: readonly string[]): string {
  let [most, pair] = [0, ''];
  confusion.forEach((row, label) => {
    row.forEach((count, guess) => {
      if (label === guess || count <= most) return;
      [most, pair] = [count, `${names[label]} for ${names[guess]}, ${count} times`];
    });
  });
  return pair === '' ? 'No mistake.' : `Most often: ${pair}.`;
}

const figure = (
  index: number,
  kind: string,
  label: string,
  caption: TemplateResult | string,
): TemplateResult => html`<figure>
    <canvas data-look=${index} data-kind=${kind} role="img" aria-label=${label}></canvas>
    <figcaption class="help">${caption}</figcaption>
  </figure>`;

const short = (value: number): string => String(Number(value.toPrecision(2)));
