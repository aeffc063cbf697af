// What models make of their data, as the page draws it.
import {drawLook, type LookKind} from '../looks/draw.ts';
import type {Look} from '../looks/look.ts';
import {
  calibrationWords,
  confusionWords,
  curveWords,
  mistakesTitle,
  surfaceWords,
  type Words,
} from '../looks/words.ts';
import {escapeText} from './svg.ts';
import {svgPaper} from './svg-paper.ts';

/** What one model makes of its data, and which one it is. */
export interface NamedLook {
  readonly name: string;
  readonly look: Look;
}

/** In pixels: as wide as a phone has room for. */
const sizes = {
  surface: [320, 320],
  curve: [320, 220],
  confusion: [320, 280],
  calibration: [320, 160],
  mistake: [56, 56],
} as const satisfies Partial<Record<LookKind, readonly [number, number]>>;

/** The colours of the page, and where the charts stand. */
export const looksStyle = `
:root { --edge: #868f99; --good: #1a6b31; --bad: #a3231b; --run-0: #0969b8; --run-1: #c4500a; --run-2: #1a7f37;
  --run-3: #8250df; --run-4: #b3266f; --run-5: #6b6a00; --run-6: #00707a; --run-7: #a3231b; --run-8: #74513a;
  --run-9: #4a5568; }
@media (prefers-color-scheme: dark) { :root { --edge: #6b7580; --good: #57d16f; --bad: #ff9a92; --run-0: #58a6ff;
  --run-1: #f0883e; --run-2: #3fb950; --run-3: #bc8cff; --run-4: #ff7eb6; --run-5: #d3c94b; --run-6: #39c5cf;
  --run-7: #ff6b62; --run-8: #c9a27a; --run-9: #a0aec0; } }
.looks { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.looks h3 { font-size: 1rem; margin: 0 0 0.5rem; } .looks figure { margin: 0 0 1.2rem; max-width: 26rem; }
.looks figcaption { color: var(--soft); margin: 0.3rem 0; } .look text { font: 11px system-ui, sans-serif; }
.mistakes { display: grid; gap: 0.5rem; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); list-style: none;
  margin: 0; padding: 0; }
.mistakes li { align-items: center; display: flex; gap: 0.5rem; line-height: 1.25; }
`.trim();

/** A column for each model: its surface or curve, what it takes for what, how sure it is, and its mistakes. */
export const looksHtml = (looks: readonly NamedLook[]): string =>
  `<div class="looks">${looks.map(oneHtml).join('\n')}</div>`;

function oneHtml({name, look}: NamedLook): string {
  const {surface, curve, judged} = look;
  return `<section aria-label="${escapeText(name)}"><h3>${escapeText(name)}</h3>
${surface ? figure(look, 'surface', surfaceWords(surface)) : ''}${curve ? figure(look, 'curve', curveWords(curve)) : ''}
${judged ? figure(look, 'confusion', confusionWords(judged)) + figure(look, 'calibration', calibrationWords(judged)) : ''}
${judged && judged.mistakes.length > 0 ? mistakesHtml(look, judged) : ''}</section>`;
}

const figure = (look: Look, kind: keyof typeof sizes, {label, caption}: Words): string =>
  `<figure>${drawn(look, kind, label)}<figcaption>${escapeText(caption)}</figcaption></figure>`;

function mistakesHtml(look: Look, {mistakes}: NonNullable<Look['judged']>): string {
  const items = mistakes.map(
    ({label, guess, confidence}, at) =>
      `<li>${drawn(look, 'mistake', `A ${label} that was taken for a ${guess}`, at)}<span>${escapeText(
        `${label} → ${guess}`,
      )}<br><small>${Math.round(100 * confidence)} % sure</small></span></li>`,
  );
  return `<figure><figcaption>${mistakesTitle}</figcaption><ol class="mistakes">${items.join('')}</ol></figure>`;
}

function drawn(look: Look, kind: keyof typeof sizes, title: string, at = 0): string {
  const [width, height] = sizes[kind];
  const paper = svgPaper(width, height);
  drawLook(paper, {look}, kind, at);
  return paper.svg(title);
}
