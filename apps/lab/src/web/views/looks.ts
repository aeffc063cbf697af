import {html, nothing, type TemplateResult} from 'lit-html';
import {formatMeasure} from '../../report/rows.ts';
import {labelOf} from '../draft.ts';
import type {JudgedLook, Look} from '../looks/look.ts';
import {baselineAmong} from '../runs/baseline.ts';
import {rowsOf} from '../runs/rows.ts';
import type {PageState} from '../state.ts';

/** One side of the panel: what a model sees, and which one it is. */
export interface Seen {
  readonly title: string;
  readonly look: Look;
}

/** The baseline and the latest run, of those that have something to show; one where they are the same. */
export function seenIn({
  runs,
  running,
  pinned,
}: Pick<PageState, 'runs' | 'running' | 'pinned'>): readonly Seen[] {
  const rows = rowsOf(runs);
  const baseline = baselineAmong(rows, pinned);
  const base = baseline?.runs.find(({look}) => look);
  const newest = rows.flatMap((row) => row.runs.toReversed().filter(({look}) => look))[0];
  const latest = running?.look
    ? {title: `${labelOf(running.recipe)}, training`, look: running.look, recipe: running.recipe}
    : newest && {title: labelOf(newest.recipe), look: newest.look!, recipe: newest.recipe};
  if (!latest) return [];
  const isOther = base && base.look !== latest.look && base.recipe.data.name === latest.recipe.data.name;
  const first = isOther ? [{title: `${labelOf(base.recipe)}, the baseline`, look: base.look!}] : [];
  return [...first, latest];
}

/** What the models see. The canvases are filled by `drawLooks`, by the places in their data. */
export function looksView(state: PageState): TemplateResult {
  const seen = seenIn(state);
  if (seen.length === 0) {
    return html`<p class="help">Train, and this shows what the model makes of its data: beside the baseline, where there
      is one.</p>`;
  }
  return html`<div class="looks">${seen.map(({title, look}, index) => oneView(title, look, index))}</div>`;
}

function oneView(title: string, look: Look, index: number): TemplateResult {
  const {surface, curve, judged, weights} = look;
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
