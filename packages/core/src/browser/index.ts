/**
 * Checkpoints in the browser, in IndexedDB.
 *
 * @module @regularizers/core/browser
 */

export {
  deleteCheckpoint,
  loadCheckpoint,
  loadPreviousCheckpoint,
  saveCheckpoint,
} from './stored-checkpoints.ts';
