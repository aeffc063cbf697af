// Node only: the command that was given, as a person can give it again.
import {realpathSync} from 'node:fs';
import {delimiter, join, relative} from 'node:path';
import {printable} from '@regularizers/core';
import type {Recipe} from '../recipe.ts';

/** The words before those of a command. */
export interface Program {
  readonly words: readonly string[];
  /** The command that these words mean already: `npm start` compares. */
  readonly command?: string;
}

/** A command that was given, for a shell. */
export interface GivenCommand {
  /** Does the same again. */
  readonly again: string;
  /** Goes on where it was interrupted. */
  readonly goOn: string;
  /** Runs a recipe's file by the same program, with the plugins that the recipe names. */
  run(file: string, recipe: Pick<Recipe, 'regularizers'>): string;
}

/** What of a process says how it was started. */
export type Started = Pick<NodeJS.Process, 'argv' | 'argv0' | 'execArgv' | 'env' | 'cwd'>;

/**
 * How this process was started: by `npm start`, whose script says so; by npx; as a program that a shell finds; or as a file
 * that Node was given. Package managers have paths of their own, in which a shell would not look.
 */
export function programOf({argv, argv0, execArgv, env, cwd}: Started): Program {
  const {PATH: path = '', REGULARIZERS_NPM_SCRIPT: script, npm_config_user_agent: manager} = env;
  if (script !== undefined) return {words: ['npm', script, '--'], command: 'compare'};
  if (env['npm_command'] === 'exec') return {words: ['npx', '@regularizers/lab']};
  const [, file = ''] = argv;
  const folders = manager === undefined ? path.split(delimiter) : [];
  if (folders.some((folder) => folder !== '' && isSameFile(join(folder, 'lab'), file)))
    return {words: ['lab']};
  const near = relative(cwd(), file);
  return {words: [argv0, ...execArgv, near.startsWith('..') ? file : near]};
}

function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

/** The command of these words, without what says whether it goes on or begins anew. */
export function givenCommand({words, command}: Program, given: readonly string[]): GivenCommand {
  const own = given.filter((word) => word !== '--resume' && word !== '--restart');
  const rest = command !== undefined && own[0] === command ? own.slice(1) : own;
  // After two dashes there are no options.
  const end = rest.includes('--') ? rest.indexOf('--') : rest.length;
  const lineOf = (more: readonly string[]): string =>
    [...words, ...rest.slice(0, end), ...more, ...rest.slice(end)].map(quoted).join(' ');
  return {
    again: lineOf([]),
    goOn: lineOf(['--resume']),
    run(file, {regularizers}) {
      const plugins = [...new Set(regularizers.flatMap(({use}) => use ?? []))];
      const options = plugins.flatMap((use) => ['--plugin', use]);
      return [...words, 'run', file, ...options].map(quoted).join(' ');
    },
  };
}

/**
 * A word as a POSIX shell reads it back, in quotes where it needs some; one with characters that a terminal would obey as
 * bash, zsh and ksh do.
 */
export function quoted(word: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word)) return word;
  if (printable(word) !== word) return `$'${printable(word.replace(/[\\']/g, '\\$&'))}'`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
