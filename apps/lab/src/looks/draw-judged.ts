import type {Calibration, Histogram, JudgedLook} from './look.ts';
import type {Paper} from './paper.ts';

/** A cell per pair of classes, the darker the more often; the right answers in green, the others in red. */
export function drawConfusion(paper: Paper, {confusion, classNames}: JudgedLook): void {
  const {pen, width, height} = paper;
  const count = classNames.length;
  const isNamed = classNames.every((name) => name.length <= 2);
  const margin = isNamed ? 18 : 4;
  const size = (Math.min(width, height) - margin) / count;
  const left = (width - size * count - margin) / 2 + margin;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  confusion.forEach((row, label) => {
    const all = row.reduce((sum, one) => sum + one, 0) || 1;
    row.forEach((times, guess) => {
      const [x, y] = [left + guess * size, margin + label * size];
      pen.fillStyle = paper.colour('--line');
      pen.globalAlpha = 0.35;
      pen.fillRect(x, y, size - 1, size - 1);
      // A single mistake is to be seen, too.
      const depth = label === guess ? 0.15 + 0.7 * (times / all) : Math.min(1, 0.25 + 3 * (times / all));
      if (times > 0) {
        pen.fillStyle = paper.colour(label === guess ? '--good' : '--bad');
        pen.globalAlpha = depth;
        pen.fillRect(x, y, size - 1, size - 1);
      }
      pen.globalAlpha = 1;
      if (times === 0 || size < 24) return;
      // On a deep colour, light or dark, only the paper's own is to be read.
      pen.fillStyle = paper.colour(depth > 0.5 ? '--paper' : '--ink');
      pen.fillText(String(times), x + size / 2, y + size / 2);
    });
    if (!isNamed) return;
    pen.fillStyle = paper.colour('--soft');
    pen.fillText(classNames[label]!, left - 9, margin + (label + 0.5) * size);
    pen.fillText(classNames[label]!, left + (label + 0.5) * size, 9);
  });
}

/** A bar per bin of confidence up to how often it was right, beside the diagonal on which both agree. */
export function drawCalibration(paper: Paper, {bins}: Calibration): void {
  const {pen, width, height} = paper;
  const [left, bottom] = [40, height - 18];
  const across = (share: number): number => left + share * (width - left - 6);
  const up = (share: number): number => bottom - share * (bottom - 8);
  const most = Math.max(1, ...bins.map(({count}) => count));
  bins.forEach(({count, accuracy}, index) => {
    if (count === 0) return;
    pen.globalAlpha = 0.35 + 0.65 * Math.sqrt(count / most);
    pen.fillStyle = paper.colour('--run-0');
    const [from, to] = [across(index / bins.length), across((index + 1) / bins.length)];
    pen.fillRect(from + 1, up(accuracy), to - from - 2, bottom - up(accuracy));
  });
  pen.globalAlpha = 1;
  pen.strokeStyle = paper.colour('--edge');
  pen.setLineDash([4, 4]);
  pen.beginPath();
  pen.moveTo(across(0), up(0));
  pen.lineTo(across(1), up(1));
  pen.stroke();
  pen.setLineDash([]);
  pen.fillStyle = paper.colour('--soft');
  pen.textBaseline = 'middle';
  pen.textAlign = 'right';
  for (const share of [0, 0.5, 1]) pen.fillText(`${100 * share} %`, left - 4, Math.max(8, up(share)));
  pen.textBaseline = 'alphabetic';
  pen.textAlign = 'center';
  for (const share of [0.5, 0.9]) pen.fillText(`${100 * share} % sure`, across(share), height - 4);
}

/** A bar per bin of the weights, with zero in the middle. */
export function drawWeights(paper: Paper, {counts, reach}: Histogram): void {
  const {pen, width, height} = paper;
  const most = Math.max(1, ...counts);
  const each = width / counts.length;
  pen.fillStyle = paper.colour('--run-3');
  counts.forEach((count, index) => {
    const tall = (count / most) * (height - 22);
    pen.fillRect(index * each + 0.5, height - 16 - tall, each - 1, tall);
  });
  pen.fillStyle = paper.colour('--soft');
  pen.textAlign = 'center';
  pen.fillText('0', width / 2, height - 3);
  pen.textAlign = 'left';
  pen.fillText(String(Number((-reach).toPrecision(2))), 0, height - 3);
  pen.textAlign = 'right';
  pen.fillText(String(Number(reach.toPrecision(2))), width, height - 3);
}
