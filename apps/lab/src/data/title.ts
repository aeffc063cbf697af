import {isOwn} from './own/options.ts';
import {titleOfFile} from './own/own-data.ts';

/** What a person calls a recipe's data: its name, or that of the user's file. */
export const dataTitle = (data: {readonly name: string}): string =>
  isOwn(data) ? titleOfFile(data.file) : data.name;
