// The commands that pages show, one a line, without their comments.
import type {Page} from './pages.ts';

/** A command of a page. */
export interface Shown {
  readonly path: string;
  readonly line: number;
  readonly words: readonly string[];
}

/** Every command in the `sh` blocks of pages; what `&&` joins is several. */
export const commandsOf = (pages: readonly Page[]): readonly Shown[] =>
  pages.flatMap(({path, blocks}) =>
    blocks
      .filter(({language}) => language === 'sh')
      .flatMap(({code, line}) =>
        code.split('\n').flatMap((text, i) =>
          text
            .replace(/(^| )#.*$/, '')
            .split('&&')
            .map((command) => command.trim().split(/\s+/))
            .filter(([first]) => first)
            .map((words) => ({path, line: line + i, words})),
        ),
      ),
  );

const isInstall = ({words}: Shown): boolean => words[0] === 'npm' && words[1] === 'install';

/** The packages that the commands of a page install. */
export const installedBy = (commands: readonly Shown[]): readonly string[] =>
  commands.filter(isInstall).flatMap(({words}) => words.slice(2).filter((word) => !word.startsWith('-')));

/** The package that a module is in. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
