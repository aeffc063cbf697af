import {readFileSync} from 'node:fs';
import {type DefaultTheme, defineConfig} from 'vitepress';
import type {Navigation} from '../../src/build.ts';
import {nameCells} from './tables.ts';

// What the build of the pages found out: see `src/build.ts`.
const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../.pages/${file}`, import.meta.url), 'utf8'));
const {sidebar, repository, leftOut}: Navigation = read('navigation.json');

/** What counts in a search: what a part is called, far less what its page is called, or one page is all that is found. */
export const searchOptions = {
  // A letter of a short word makes another word of it.
  fuzzy: (term: string): number | boolean => (term.length < 6 ? false : 0.15),
  prefix: true,
  boost: {title: 6, titles: 0.4, text: 1},
  boostDocument: (id: string): number => {
    const place = id.replace(/^\//, '');
    if (place.startsWith('guides/')) return 2;
    if (place.startsWith('techniques/')) return 2.4;
    return place.startsWith('decisions/') ? 0.4 : 1;
  },
};

export default defineConfig({
  srcDir: '../.pages',
  outDir: '../dist',
  cacheDir: '../node_modules/.vitepress',
  base: process.env['DOCS_BASE'] ?? '/',
  title: 'regularizers',
  titleTemplate: ':title · regularizers',
  description: 'Regularization for TensorFlow.js: one installable package per technique family.',
  lang: 'en',
  appearance: true,
  lastUpdated: false,
  metaChunk: true,
  // A suite checks them, with their anchors.
  ignoreDeadLinks: leftOut.length > 0 || [/^\/lab\//],
  head: [
    ['link', {rel: 'icon', type: 'image/svg+xml', href: `${process.env['DOCS_BASE'] ?? '/'}icon.svg`}],
    ['meta', {name: 'color-scheme', content: 'light dark'}],
  ],
  markdown: {
    math: true,
    // On the grey of blocks the colours of `github-light` are too pale to read.
    theme: {light: 'github-light-high-contrast', dark: 'github-dark'},
    toc: {level: [2, 3]},
    config: nameCells,
  },
  vite: {build: {chunkSizeWarningLimit: 4000}, logLevel: 'warn'},
  themeConfig: {
    siteTitle: 'regularizers',
    logo: '/icon.svg',
    nav: [
      {text: 'Guides', link: '/guides/start-in-the-browser', activeMatch: '^/guides/'},
      {text: 'Techniques', link: '/techniques/', activeMatch: '^/techniques/'},
      {text: 'Reference', link: '/reference/', activeMatch: '^/reference/'},
      {text: 'Lab', link: '/lab/index.html', target: '_self'},
      {text: 'Source', link: repository},
    ],
    sidebar: sidebar as Record<string, DefaultTheme.SidebarItem[]>,
    outline: {level: [2, 3], label: 'On this page'},
    docFooter: {prev: 'Before', next: 'Next'},
    search: {
      provider: 'local',
      options: {
        // What is searched is words: colours and formulas take most of the time, and say nothing.
        _render(source, env, markdown) {
          const {highlight} = markdown.options;
          markdown.options.highlight = (code) => markdown.utils.escapeHtml(code);
          const html = markdown.render(source.replace(/^\$\$$[\s\S]*?^\$\$$/gm, ''), env);
          markdown.options.highlight = highlight;
          return env.frontmatter?.['search'] === false ? '' : html;
        },
        detailedView: true,
        translations: {
          modal: {
            noResultsText: 'Nothing here on',
            displayDetails: 'Show what stands there',
            resetButtonTitle: 'Clear',
          },
        },
        miniSearch: {searchOptions},
      },
    },
    footer: {
      message: 'Apache-2.0. Built from the sources, the numbers measured with the commands beside them.',
    },
  },
});
