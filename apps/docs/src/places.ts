// Where things are.
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {identityOf} from '../../../scripts/publishable.mjs';

/** The repository, and this app's folder in it. */
export const app: string = fileURLToPath(new URL('..', import.meta.url));
export const root: string = join(app, '..', '..');

/** Markdown of the site, made anew by each build. */
export const pagesFolder: string = join(app, '.pages');

/** The site, and the lab's page in it. */
export const siteFolder: string = join(app, 'dist');
export const labFolder: string = join(siteFolder, 'lab');

/** Folders of the packages, those of techniques in the order in which the site has them. */
export const families = [
  'l2',
  'augmentation',
  'sharing',
  'noise',
  'early-stopping',
  'ensembles',
  'dropout',
] as const;

/** A package with techniques. */
export type Family = (typeof families)[number];

/** The other packages, core first. */
export const others: readonly string[] = readdirSync(join(root, 'packages'))
  .filter((folder) => !(families as readonly string[]).includes(folder))
  .toSorted((a, b) => Number(b === 'core') - Number(a === 'core') || a.localeCompare(b));

/** What a family is called. */
export const familyTitles: Readonly<Record<Family, string>> = {
  l2: 'Penalties and constraints',
  augmentation: 'Augmentation',
  sharing: 'Sharing and tying',
  noise: 'Noise',
  'early-stopping': 'Early stopping',
  ensembles: 'Ensembles and averages',
  dropout: 'Dropout',
};

export const readText = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');

/** Where the repository can be read, as every package that is published says. */
export function repositoryUrl(): string {
  return identityOf(root)
    .repository.url.replace(/^git\+/, '')
    .replace(/\.git$/, '');
}

/** A file or folder of the repository, as its host shows it. */
export function sourceUrl(path: string): string {
  const kind = existsSync(join(root, path)) && !/\.\w+$/.test(path) ? 'tree' : 'blob';
  return `${repositoryUrl()}/${kind}/main/${path}`;
}

/** `labelSmoothing` as in the names of files and in addresses: `label-smoothing`. */
export const kebab = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
