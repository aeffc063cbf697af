import {drawLook, type LookKind} from '../../looks/draw.ts';
import {paperOf} from './canvas-paper.ts';
import type {Seen} from './seen.ts';

/** Fills the canvases of the looks that are in a part of the page. */
export function drawLooks(root: ParentNode, all: readonly Seen[]): void {
  for (const canvas of root.querySelectorAll<HTMLCanvasElement>('canvas[data-look]')) {
    const {look: index, kind, at} = canvas.dataset;
    const seen = all[Number(index)];
    const paper = seen && paperOf(canvas);
    if (paper) drawLook(paper, seen, kind as LookKind, Number(at ?? 0));
  }
}
