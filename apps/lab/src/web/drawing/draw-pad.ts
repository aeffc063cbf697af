import type {PicturesLook} from '../../looks/look.ts';
import {dot} from '../../looks/paper.ts';
import {paperOf} from '../looks/canvas-paper.ts';
import type {PageState} from '../state.ts';

/** Fills the pad where there is one, and the picture that a network gets of it or of the camera's. */
export function drawPad(root: ParentNode, {drawing, drawn}: PageState, shape: PicturesLook): void {
  const pad = root.querySelector<HTMLCanvasElement>('#pad');
  if (pad) fillPad(pad, drawing);
  const seen = root.querySelector<HTMLCanvasElement>('#pad-seen');
  const small = seen && paperOf(seen);
  if (!small || !drawn?.picture) return;
  const {picture} = drawn;
  const {height: rows, width: columns, channels} = shape;
  const byte = (value: number): number => Math.round(255 * Math.min(1, Math.max(0, value)));
  const place = {x: 0, y: 0, width: small.width, height: (small.width * rows) / columns};
  small.paint({columns, rows, isSmooth: false}, place, (index) => {
    const at = (channel: number): number =>
      byte(picture[index * channels + Math.min(channel, channels - 1)]!);
    return [at(0), at(1), at(2)];
  });
}

function fillPad(pad: HTMLCanvasElement, drawing: PageState['drawing']): void {
  const paper = paperOf(pad);
  if (!paper) return;
  const {pen, width, height} = paper;
  pen.strokeStyle = paper.colour('--ink');
  pen.fillStyle = paper.colour('--ink');
  pen.lineWidth = width / 16;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  for (const stroke of drawing.strokes) {
    pen.beginPath();
    for (const [x, y] of stroke) pen.lineTo(x * width, y * height);
    pen.stroke();
    const [start] = stroke;
    if (stroke.length === 1 && start) dot(pen, start[0] * width, start[1] * height, width / 32);
  }
  if (pad === document.activeElement) {
    pen.strokeStyle = paper.colour('--accent');
    pen.lineWidth = 2;
    dot(pen, drawing.pen[0] * width, drawing.pen[1] * height, drawing.isDown ? 4 : 8, true);
  }
}
