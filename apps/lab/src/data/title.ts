import {isOwn, pathOf, titleOfFile} from './own/options.ts';

/** What a person calls a recipe's data: its name, or that of the user's file. */
export const dataTitle = (data: {readonly name: string}): string =>
  isOwn(data) ? titleOfFile(pathOf(data)) : data.name;
