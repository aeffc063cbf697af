// The lists beside the pages.
import {decisionNames, guideSections, titleOf} from './guides.ts';
import {families, familyTitles, others, readText} from './places.ts';
import type {Exported, Reference} from './reference.ts';
import {siteTechniques} from './techniques/all.ts';

/** An entry of VitePress's sidebar. */
export interface SidebarItem {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: readonly SidebarItem[];
}

/** The list of each part of the site, by how its addresses begin. */
export function sidebarOf(reference: Reference): Readonly<Record<string, readonly SidebarItem[]>> {
  return {
    '/guides/': guides(),
    '/decisions/': guides(),
    '/techniques/': [
      {text: 'All techniques', link: '/techniques/'},
      ...families.map((family) => ({
        text: familyTitles[family],
        link: `/techniques/${family}/`,
        // That of the page that is open is open.
        collapsed: true,
        items: siteTechniques
          .filter((one) => one.family === family)
          .map(({technique, address}) => ({text: technique.name, link: address})),
      })),
    ],
    '/reference/': [{text: 'All packages', link: '/reference/'}, ...packages(reference)],
    ...Object.fromEntries(
      [...reference.modules].map(([name, exported]) => [
        `/reference/${name}/`,
        [
          {text: 'All packages', link: '/reference/'},
          {text: `@regularizers/${name}`, link: `/reference/${name}/`, items: groupsOf(exported)},
        ],
      ]),
    ),
  };
}

/** Packages and their further entries. What each exports is in its own list: in one, it would be in every page. */
function packages(reference: Reference): readonly SidebarItem[] {
  return [...new Set([...reference.modules.keys(), ...others])]
    .toSorted((a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b))
    .map((name) => ({text: `@regularizers/${name}`, link: `/reference/${name}/`}));
}

function guides(): readonly SidebarItem[] {
  return [
    ...guideSections.map(({title, guides: names}) => ({
      text: title,
      items: names.map((name) => ({
        text: titleOf(readText('docs', 'guides', `${name}.md`)),
        link: `/guides/${name}`,
      })),
    })),
    {
      text: 'Why it is so',
      collapsed: true,
      link: '/decisions/',
      items: decisionNames.map((name) => ({
        text: titleOf(readText('docs', 'decisions', `${name}.md`)),
        link: `/decisions/${name}`,
      })),
    },
  ];
}

/** Core first, then the families, then what they stand on; a further entry follows its package. */
function placeOf(module: string): number {
  const [folder = ''] = module.split('/');
  return ['core', ...families, ...others].indexOf(folder);
}

function groupsOf(exported: readonly Exported[]): readonly SidebarItem[] {
  const titles = [...new Set(exported.map(({group}) => group))];
  return titles.map((title) => ({
    text: title,
    collapsed: title !== 'Regularizers',
    items: exported
      .filter(({group}) => group === title)
      .map(({name, address}) => ({text: name, link: address})),
  }));
}
