// The charts of what a model makes of its data: the same on the page and in a report.
import {drawCalibration, drawConfusion, drawWeights} from './draw-judged.ts';
import {drawAdded, drawKept} from './draw-kept.ts';
import type {AddedLook, CurveLook, Look, Mistake, SurfaceLook, WeightsLook} from './look.ts';
import {colours, dot, type Paper} from './paper.ts';

/** What can be drawn of one model. */
export type LookKind =
  | 'surface'
  | 'curve'
  | 'confusion'
  | 'calibration'
  | 'mistake'
  | 'weights'
  | 'tiles'
  | 'kept'
  | 'added';

/**
 * Draws a chart as large as its paper; nothing where there is nothing to show.
 *
 * @param at which of several mistakes, or of what plugins leave
 */
export function drawLook(
  paper: Paper,
  {look, added}: {readonly look: Look; readonly added?: AddedLook | undefined},
  kind: LookKind,
  at = 0,
): void {
  const {surface, curve, judged, weights, kept} = look;
  if (kind === 'surface' && surface) drawSurface(paper, surface);
  if (kind === 'curve' && curve) drawCurve(paper, curve);
  if (kind === 'confusion' && judged) drawConfusion(paper, judged);
  if (kind === 'calibration' && judged) drawCalibration(paper, judged.calibration);
  if (kind === 'mistake' && judged?.mistakes[at]) drawMistake(paper, judged.mistakes[at]);
  if (kind === 'weights' && weights) drawWeights(paper, weights.histogram);
  if (kind === 'tiles' && weights?.tiles) drawTiles(paper, weights.tiles);
  if (kind === 'kept' && kept?.[at]) drawKept(paper, kept[at]);
  if (kind === 'added' && added) drawAdded(paper, added);
}

/** Each place in the colour of its class, the paler the less sure; points in that of their label, wrong ones ringed. */
function drawSurface(
  paper: Paper,
  {side, reach, classes, confidence, points, labels, guesses}: SurfaceLook,
): void {
  const {pen, width, height} = paper;
  const chance = 255 / Math.max(2, 1 + classes.reduce((most, one) => Math.max(most, one), 0));
  const size = Math.min(width, height);
  const [left, top] = [(width - size) / 2, (height - size) / 2];
  paper.paint(
    {columns: side, rows: side, isSmooth: true},
    {x: left, y: top, width: size, height: size},
    (index) => {
      const sure = Math.max(0, (confidence[index]! - chance) / (255 - chance));
      return {ink: `--run-${classes[index]! % colours}`, depth: 0.08 + 0.5 * sure};
    },
  );
  labels.forEach((label, index) => {
    const x = left + (size / 2) * (1 + points[2 * index]! / reach);
    const y = top + (size / 2) * (1 - points[2 * index + 1]! / reach);
    pen.fillStyle = paper.colour('--paper');
    dot(pen, x, y, 4.5);
    pen.fillStyle = paper.colour(`--run-${label % colours}`);
    dot(pen, x, y, 3.2);
    if (guesses[index] === label) return;
    pen.strokeStyle = paper.colour('--ink');
    pen.lineWidth = 1.5;
    dot(pen, x, y, 7, true);
  });
}

function drawCurve(paper: Paper, {x, mean, low, high, members, pointsX, pointsY}: CurveLook): void {
  const {pen, width, height} = paper;
  const all = [...pointsY, ...low, ...high];
  const [bottom, top] = [Math.min(-1.2, ...all), Math.max(1.2, ...all)];
  const [from, to] = [x[0]!, x.at(-1)!];
  const across = (value: number): number => 6 + ((value - from) / (to - from)) * (width - 12);
  const up = (value: number): number => height - 6 - ((value - bottom) / (top - bottom)) * (height - 12);
  pen.strokeStyle = paper.colour('--line');
  pen.beginPath();
  pen.moveTo(0, up(0));
  pen.lineTo(width, up(0));
  pen.stroke();
  const line = (values: Float32Array, isBack = false): void => {
    for (let step = 0; step < x.length; step++) {
      const at = isBack ? x.length - 1 - step : step;
      pen.lineTo(across(x[at]!), up(values[at]!));
    }
  };
  if (members > 1) {
    pen.fillStyle = paper.colour('--run-0');
    pen.globalAlpha = 0.2;
    pen.beginPath();
    line(high);
    line(low, true);
    pen.fill();
    pen.globalAlpha = 1;
  }
  pen.strokeStyle = paper.colour('--run-0');
  pen.lineWidth = 2;
  pen.beginPath();
  line(mean);
  pen.stroke();
  pen.fillStyle = paper.colour('--run-1');
  for (const [index, at] of pointsX.entries()) dot(pen, across(at), up(pointsY[index]!), 3);
}

function drawMistake(paper: Paper, {height, width, channels, pixels}: Mistake): void {
  const place = {x: 0, y: 0, width: paper.width, height: paper.height};
  paper.paint({columns: width, rows: height, isSmooth: false}, place, (index) => {
    const at = (channel: number): number => pixels[index * channels + Math.min(channel, channels - 1)]!;
    return [at(0), at(1), at(2)];
  });
}

/** Each unit's weights, orange above zero and blue below, all on one scale. */
function drawTiles(paper: Paper, {height, width, count, values}: NonNullable<WeightsLook['tiles']>): void {
  const most = values.reduce((far, value) => Math.max(far, Math.abs(value)), 1e-12);
  const columns = Math.min(count, 8);
  const gap = 4;
  const size = Math.min(
    (paper.width - gap * (columns - 1)) / columns,
    (paper.height - gap * 2) / Math.ceil(count / columns),
  );
  for (let tile = 0; tile < count; tile++) {
    const place = {
      x: (tile % columns) * (size + gap),
      y: Math.floor(tile / columns) * (size + gap),
      width: size,
      height: size,
    };
    paper.paint({columns: width, rows: height, isSmooth: false}, place, (index) => {
      const value = values[tile * width * height + index]! / most;
      return {ink: value > 0 ? '--run-1' : '--run-0', depth: Math.sqrt(Math.abs(value))};
    });
  }
}
