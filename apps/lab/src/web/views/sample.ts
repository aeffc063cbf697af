import {html, nothing, type TemplateResult} from 'lit-html';
import {colours} from '../../looks/paper.ts';
import type {PageState} from '../state.ts';
import type {Sample} from '../worker/protocol.ts';

const height = 112;

/** A look at the training data: a canvas of fixed height, which `drawSample` fills. */
export function sampleView({plan, problem}: PageState): TemplateResult {
  const count = (value: number): string => value.toLocaleString('en');
  return html`<figure class="sample">
    <canvas id="sample" role="img" aria-label=${plan ? `Training examples. ${plan.description}` : 'Training examples'}
      .style=${`height: ${height}px`}></canvas>
    <figcaption class="help">${
      plan
        ? html`${plan.sample.kind === 'pictures' && plan.sample.fed ? 'Below: as the network gets them. ' : nothing}${count(plan.sizes.train)} to train on, ${count(plan.sizes.validation)} to validate,
            ${count(plan.sizes.test)} to test. ${plan.parameters > 0 ? html`Model: ${count(plan.parameters)} parameters.` : nothing}`
        : problem
          ? 'This cannot be trained yet.'
          : 'Looking at the data …'
    }</figcaption>
  </figure>`;
}

/** Draws a sample into its canvas, in the page's colours. */
export function drawSample(canvas: HTMLCanvasElement, sample: Sample | undefined): void {
  const scale = devicePixelRatio;
  const width = canvas.clientWidth;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context || !sample) return;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colour = (index: number): string => style.getPropertyValue(`--run-${index % colours}`).trim();
  if (sample.kind === 'pictures') drawPictures(context, sample, width);
  if (sample.kind === 'points') drawPoints(context, sample, width, colour);
  if (sample.kind === 'curve') drawCurve(context, sample, width, colour(0));
  if (sample.kind === 'sequences') drawSequences(context, sample, width, colour);
}

type Of<Kind extends Sample['kind']> = Sample & {readonly kind: Kind};

/** Two rows of pictures; where there are changed ones, each below what it was made from. */
function drawPictures(context: CanvasRenderingContext2D, sample: Of<'pictures'>, width: number): void {
  const {width: across, height: down, channels, pixels, fed} = sample;
  const area = across * down;
  const shown = (height - 8) / 2;
  const perRow = Math.max(1, Math.floor((width + 8) / (shown + 8)));
  const gap = perRow > 1 ? (width - perRow * shown) / (perRow - 1) : 0;
  const tile = new OffscreenCanvas(across, down);
  const paint = tile.getContext('2d');
  const draw = (from: Uint8Array, index: number, column: number, row: number): void => {
    if ((index + 1) * area * channels > from.length) return;
    const image = new ImageData(across, down);
    for (let at = 0; at < area; at++) {
      const of = (channel: number): number =>
        from[(index * area + at) * channels + Math.min(channel, channels - 1)]!;
      image.data.set([of(0), of(1), of(2), 255], 4 * at);
    }
    paint?.putImageData(image, 0, 0);
    context.drawImage(tile, column * (shown + gap), row * (shown + 8), shown, shown);
  };
  for (let column = 0; column < perRow; column++) {
    draw(pixels, column, column, 0);
    draw(fed ?? pixels, fed ? column : perRow + column, column, 1);
  }
}

function drawPoints(
  context: CanvasRenderingContext2D,
  {points, labels}: Of<'points'>,
  width: number,
  colour: (index: number) => string,
): void {
  const unit = height / 4;
  labels.forEach((label, index) => {
    context.fillStyle = colour(label);
    dot(context, width / 2 + unit * points[2 * index]!, height / 2 - unit * points[2 * index + 1]!);
  });
}

function drawCurve(
  context: CanvasRenderingContext2D,
  {x, y}: Of<'curve'>,
  width: number,
  colour: string,
): void {
  context.fillStyle = colour;
  x.forEach((at, index) => {
    dot(context, ((at + 1) / 2) * (width - 8) + 4, height / 2 - (height / 4) * y[index]!);
  });
}

function drawSequences(
  context: CanvasRenderingContext2D,
  {sequences, channels}: Of<'sequences'>,
  width: number,
  colour: (index: number) => string,
): void {
  const each = width / sequences.length;
  sequences.forEach((values, index) => {
    const steps = values.length / channels;
    for (let channel = 0; channel < channels; channel++) {
      context.strokeStyle = colour(channel);
      context.beginPath();
      for (let step = 0; step < steps; step++) {
        const across = index * each + 4 + ((each - 8) * step) / (steps - 1);
        context.lineTo(across, height / 2 - (height / 6) * values[step * channels + channel]!);
      }
      context.stroke();
    }
  });
}

function dot(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.arc(x, y, 2.5, 0, 2 * Math.PI);
  context.fill();
}
