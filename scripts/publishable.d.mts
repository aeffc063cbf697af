export interface Identity {
  readonly author: string;
  readonly homepage: string;
  readonly repository: {readonly type: string; readonly url: string};
  readonly bugs: {readonly url: string};
}
export function publishedFolders(root: string): string[];
export function identityOf(root: string, env?: Readonly<Record<string, string | undefined>>): Identity;
export function withAbsoluteLinks(
  markdown: string,
  place: {
    readonly folder: string;
    readonly repository: Identity['repository'];
    readonly isFolder: (path: string) => boolean;
  },
): string;
export function makePublishable(root: string, env?: Readonly<Record<string, string | undefined>>): void;
