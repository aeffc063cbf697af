import type {Actions} from '../actions.ts';
import {droppedFiles} from './dropped.ts';

/** Takes what is dropped anywhere on the page: a recipe, or data. A file that is missed would be opened in its place. */
export function acceptDrops({keepFiles, importFile}: Pick<Actions, 'keepFiles' | 'importFile'>): void {
  const hasFiles = ({dataTransfer}: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
  const {classList} = document.documentElement;
  let depth = 0; // of elements that what is dragged is within
  const mark = (event: DragEvent, step: number): void => {
    if (!hasFiles(event)) return;
    depth += step;
    classList.toggle('dragging', depth > 0);
  };
  addEventListener('dragenter', (event) => mark(event, 1));
  addEventListener('dragleave', (event) => mark(event, -1));
  addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    classList.remove('dragging');
    void droppedFiles(event.dataTransfer!).then((given) => {
      const [only] = given;
      if (given.length === 1 && only!.path.endsWith('.json')) return importFile(only!.file);
      return keepFiles(given);
    });
  });
}
