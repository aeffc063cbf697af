import type {AddedLook, KeptLook} from './look.ts';
import type {Paper, Shade} from './paper.ts';

/** Dropped, kept, and zero before. */
const shadesOfCells: readonly Shade[] = ['--paper', '--run-0', '--line'].map((ink) => ({ink, depth: 1}));

/** A cell per element: coloured where it is kept, empty where it is dropped, grey where it was zero anyway. */
export function drawKept(paper: Paper, {rows, columns, tiles, cells}: KeptLook): void {
  const gap = tiles > 1 ? 6 : 0;
  const width = (paper.width - gap * (tiles - 1)) / tiles;
  const size = Math.min(width / columns, paper.height / rows);
  for (let tile = 0; tile < tiles; tile++) {
    const place = {x: tile * (width + gap), y: 0, width: size * columns, height: size * rows};
    paper.pen.strokeStyle = paper.colour('--edge');
    paper.paint(
      {columns, rows, isSmooth: false},
      place,
      (index) => shadesOfCells[cells[tile * rows * columns + index]!]!,
    );
    paper.pen.strokeRect(place.x + 0.5, 0.5, place.width - 1, place.height - 1);
  }
}

/** What each penalty adds to the loss, one upon the other, over epochs. */
export function drawAdded(paper: Paper, {epochs, penalties}: AddedLook): void {
  const {pen, width, height} = paper;
  const sums = epochs.map((_, at) => penalties.reduce((sum, {values}) => sum + values[at]!, 0));
  const top = Math.max(1e-12, ...sums);
  const [left, bottom] = [52, height - 18];
  const last = Math.max(2, epochs.at(-1) ?? 1);
  const across = (epoch: number): number => left + ((epoch - 1) / (last - 1)) * (width - left - 8);
  const up = (value: number): number => bottom - (value / top) * (bottom - 10);
  let below = epochs.map(() => 0);
  penalties.forEach(({values}, index) => {
    const above = below.map((value, at) => value + values[at]!);
    pen.fillStyle = paper.colour(`--run-${index % 10}`);
    pen.beginPath();
    for (const [at, epoch] of epochs.entries()) pen.lineTo(across(epoch), up(above[at]!));
    for (const [at, epoch] of [...epochs.entries()].reverse()) pen.lineTo(across(epoch), up(below[at]!));
    pen.globalAlpha = 0.75;
    pen.fill();
    pen.globalAlpha = 1;
    below = above;
  });
  pen.strokeStyle = paper.colour('--line');
  pen.beginPath();
  pen.moveTo(left, bottom + 0.5);
  pen.lineTo(width, bottom + 0.5);
  pen.stroke();
  pen.fillStyle = paper.colour('--soft');
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  pen.fillText(String(Number(top.toPrecision(2))), left - 6, 12);
  pen.fillText('0', left - 6, bottom - 2);
  pen.textBaseline = 'alphabetic';
  pen.textAlign = 'left';
  pen.fillText('epoch 1', left, height - 4);
  pen.textAlign = 'right';
  pen.fillText(String(last), width - 2, height - 4);
}
