/**
 * Files, for Node: checkpoints that are written whole or not at all.
 *
 * @module @regularizers/core/node
 */

export {loadCheckpoint, previousPath, saveCheckpoint} from './checkpoint-files.ts';
export {isAlive, type Owner, ownerName, ownerNamed, thisProcess} from './process.ts';
export {
  checkWritable,
  fileError,
  makeFolder,
  sweepDrafts,
  type WriteOptions,
  writeWhole,
} from './write-whole.ts';
