// Builds the site: pages of Markdown, then VitePress, then the lab's page beside it.
import {existsSync, readFileSync} from 'node:fs';
import {copyFile, cp, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {decisionNames, guideNames, titleOf} from './guides.ts';
import {landingPage} from './landing.ts';
import {addressesOf, type PageAddresses, sectionOf, withSiteLinks, withTechniqueLinks} from './links.ts';
import {type SidebarItem, sidebarOf} from './navigation.ts';
import {app, families, labFolder, others, pagesFolder, readText, repositoryUrl, root} from './places.ts';
import {writeReference} from './reference.ts';
import {takeOut} from './sample.ts';
import {siteTechniques, techniqueAddresses} from './techniques/all.ts';
import {optionsName, type Page, techniquePages} from './techniques/write.ts';

/** What is built. */
export interface SiteOptions {
  /** Leaves most pages of the reference out: see `takeOut`. @defaultValue all are there */
  readonly sample?: number;
}

/** What VitePress is told of the pages, in `.pages/navigation.json`. */
export interface Navigation {
  readonly repository: string;
  readonly sidebar: Readonly<Record<string, readonly SidebarItem[]>>;
  /** Pages that are linked to, and not built. */
  readonly leftOut: readonly string[];
}

/**
 * Writes all pages into `.pages`, from where VitePress makes the site.
 *
 * @throws Error if the reference has a warning
 */
export async function writePages({sample}: SiteOptions = {}): Promise<void> {
  await rm(pagesFolder, {recursive: true, force: true});
  await mkdir(join(pagesFolder, 'public'), {recursive: true});
  const pages = addressesOf(guideNames, decisionNames);
  const reference = await writeReference();
  await linkFactories();
  await writeAll([
    ['index.md', landingPage()],
    ...guideNames.map(
      (name): Page => [
        `guides/${name}.md`,
        withTechniqueLinks(documentPage(`docs/guides/${name}.md`, pages), techniqueAddresses),
      ],
    ),
    ...decisionNames.map(
      (name): Page => [`decisions/${name}.md`, documentPage(`docs/decisions/${name}.md`, pages)],
    ),
    ['decisions/index.md', listOfDecisions()],
    ...(await techniquePages(reference, pages)),
    ...[...families, ...others].map((folder) => packagePage(folder, pages)),
    ['reference/index.md', listOfPackages()],
  ]);
  // Pictures of guides, where links lead to them.
  await cp(join(root, 'docs'), join(pagesFolder, 'public', 'docs'), {
    recursive: true,
    filter: (path) => !path.endsWith('.md'),
  });
  await copyFile(join(app, 'site', 'icon.svg'), join(pagesFolder, 'public', 'icon.svg'));
  await writeFile(join(pagesFolder, 'public', 'llms.txt'), listForMachines());
  const leftOut = sample === undefined ? [] : await takeOut(sample);
  const navigation: Navigation = {repository: repositoryUrl(), sidebar: sidebarOf(reference), leftOut};
  await writeFile(join(pagesFolder, 'navigation.json'), JSON.stringify(navigation));
}

/** The pages, a line each, as programs that read documentation look for them: https://llmstxt.org. */
function listForMachines(): string {
  const guides = guideNames.map(
    (name) => `- [${titleOf(readText('docs', 'guides', `${name}.md`))}](guides/${name}.html)`,
  );
  const techniques = siteTechniques.map(
    ({technique: {name, about}, address}) => `- [${name}](${address.slice(1)}.html): ${about}`,
  );
  return [
    '# Regularization for TensorFlow.js',
    '> One installable package per family of techniques, listed in one trainer of @regularizers/core.',
    '## Guides',
    guides.join('\n'),
    '## Techniques',
    techniques.join('\n'),
    '## Reference',
    '- [All packages](reference/index.html)\n',
  ].join('\n\n');
}

/** The reference of a technique's factory and options begins with the way to its page. */
async function linkFactories(): Promise<void> {
  await Promise.all(
    siteTechniques.flatMap(({family, technique: {name}, title, address}) =>
      [`functions/${name}`, `interfaces/${optionsName(name)}`].map(async (page) => {
        const file = join(pagesFolder, 'reference', family, `${page}.md`);
        if (!existsSync(file)) return; // options of a shared interface
        const text = await readFile(file, 'utf8');
        const link = `[${title}](${address}): what it does, its options, and an example that opens in the lab.`;
        await writeFile(
          file,
          text.replace(/^# .+$/m, (heading) => `${heading}\n\n${link}`),
        );
      }),
    ),
  );
}

async function writeAll(pages: readonly Page[]): Promise<void> {
  await Promise.all(
    pages.map(async ([path, markdown]) => {
      const file = join(pagesFolder, path);
      await mkdir(dirname(file), {recursive: true});
      await writeFile(file, `${markdown}\n`);
    }),
  );
}

const documentPage = (path: string, pages: PageAddresses): string =>
  withSiteLinks(readText(path), path, pages);

function listOfDecisions(): string {
  const rows = decisionNames.map(
    (name) => `- [${titleOf(readText('docs', 'decisions', `${name}.md`))}](${name})`,
  );
  return [
    '# Decisions',
    'Why things are as they are: what was chosen, what for, and what else was considered.',
    rows.join('\n'),
  ].join('\n\n');
}

/** A package's README, and the list of what it exports, which typedoc has written. */
function packagePage(folder: string, pages: PageAddresses): Page {
  const path = `packages/${folder}/README.md`;
  const own = siteTechniques.filter(({family}) => family === folder);
  const readme = withSiteLinks(readText(path), path, pages);
  const options = sectionOf(readme, 'Options');
  const readable =
    options === undefined || own.length === 0
      ? readme
      : readme.replace(
          options,
          `Each on its technique's page: ${own.map(({technique, address}) => `[\`${technique.name}\`](${address})`).join(', ')}.`,
        );
  const written = join(pagesFolder, 'reference', folder, 'index.md');
  if (!existsSync(written)) return [`reference/${folder}/index.md`, readable.trim()]; // a command exports nothing
  const index = readFileSync(written, 'utf8');
  const exported = folded(index.slice(index.indexOf('\n## ')).replace(/^## /gm, '### '));
  return [`reference/${folder}/index.md`, `${readable.trim()}\n\n## Everything it exports\n${exported}`];
}

/** Rows that a page shows without being asked. */
const shownRows = 20;

/** Long lists of exports, closed until they are wanted: a page is for what a package does. */
const folded = (exported: string): string =>
  exported.replace(/(?:^\|.*\|$\n?)+/gm, (table) => {
    const count = table.trim().split('\n').length - 2;
    if (count <= shownRows) return table;
    return `<details class="exports"><summary>${count} of them</summary>\n\n${table.trim()}\n\n</details>\n`;
  });

function listOfPackages(): string {
  const row = (folder: string): string => {
    const {description} = JSON.parse(readText('packages', folder, 'package.json'));
    return `| [\`@regularizers/${folder}\`](/reference/${folder}/) | ${description.replace('Regularization for TensorFlow.js: ', '')} |`;
  };
  const table = (folders: readonly string[]): string =>
    ['| package | what it brings |', '| :-- | :-- |', ...folders.map(row)].join('\n');
  return [
    '# Reference',
    "Everything that the packages export, each package's README first. For what a technique does and how to use it, its page under [Techniques](/techniques/) says more.",
    '## What they stand on',
    table(others),
    '## Families',
    table(families),
  ].join('\n\n');
}

/** Builds everything into `dist`. */
export async function buildSite(options: SiteOptions = {}): Promise<void> {
  await writePages(options);
  const {build} = await import('vitepress');
  await build(join(app, 'site'));
  await buildLab();
}

/** The lab's page, as static files. */
async function buildLab(): Promise<void> {
  const {build} = await import('vite');
  const lab = join(root, 'apps', 'lab');
  await build({
    root: lab,
    configFile: join(lab, 'vite.config.ts'),
    logLevel: 'warn',
    build: {outDir: labFolder, emptyOutDir: true},
  });
}
