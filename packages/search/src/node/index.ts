/**
 * Files, for Node: a study that several processes may work on, and that survives their end.
 *
 * @module @regularizers/search/node
 */

export {studyFile} from './study-file.ts';
