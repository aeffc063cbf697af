// Pages of techniques and of their families, as Markdown.
import {optionsMarkdown, type Regularizer, type Technique, tags} from '@regularizers/core';
import {type HookName, hookNames} from '@regularizers/core/execution';
import {type PageAddresses, sectionOf, withSiteLinks, withTechniqueLinks} from '../links.ts';
import {type Family, families, familyTitles, kebab, readText, sourceUrl} from '../places.ts';
import type {Docblock, Reference} from '../reference.ts';
import {type SiteTechnique, siteTechniques, techniqueAddresses} from './all.ts';
import {measuredTimes, type TechniqueCost, techniqueCosts} from './costs.ts';
import {exampleCode, exampleRecipe, packagesOf, widestLine} from './example.ts';
import {relationsOf} from './relations.ts';

/** A page's place in `.pages`, and its text. */
export type Page = readonly [path: string, markdown: string];

/** Those that a page has no word for: they check, infer, and put members together, and change nothing of a step. */
const unsaid: readonly HookName[] = ['check', 'adapt', 'assemble'];
const hooks = hookNames.filter((hook) => !unsaid.includes(hook));

/** A page for each technique and family, and the list of all. */
export async function techniquePages(reference: Reference, pages: PageAddresses): Promise<readonly Page[]> {
  const costs = await techniqueCosts(siteTechniques);
  return [
    ['techniques/index.md', listOfAll()],
    ...families.map((family): Page => [`techniques/${family}/index.md`, familyPage(family, pages)]),
    ...siteTechniques.map(
      (one): Page => [`${one.address.slice(1)}.md`, techniquePage(one, reference, costs.get(one)!)],
    ),
  ];
}

const ofFamily = (family: Family): readonly SiteTechnique[] =>
  siteTechniques.filter((one) => one.family === family);

const frontmatter = (fields: Readonly<Record<string, unknown>>): string =>
  `---\n${Object.entries(fields)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n')}\n---\n`;

function listOfAll(): string {
  return [
    frontmatter({title: 'Techniques', description: 'Every regularizer, by family.'}),
    '# Techniques',
    `${siteTechniques.length} techniques in ${families.length} packages. Each has a page with its formula, its options, an example that opens in the lab, and what it goes with. Not sure which? [Which regularizer when](/guides/which-regularizer).`,
    ...families.flatMap((family) => [
      `## [${familyTitles[family]}](/techniques/${family}/)`,
      `<p class="package">@regularizers/${family}</p>`,
      tableOf(ofFamily(family)),
    ]),
  ].join('\n\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function tableOf(list: readonly SiteTechnique[]): string {
  return [
    '| technique | what it does |',
    '| :-- | :-- |',
    ...list.map(
      ({technique, address}) => `| [\`${technique.name}\`](${address}) | ${cell(technique.about)} |`,
    ),
  ].join('\n');
}

function familyPage(family: Family, pages: PageAddresses): string {
  const path = `packages/${family}/README.md`;
  const readme = withSiteLinks(readText(path), path, pages);
  const section = (heading: string, title: string): readonly string[] => {
    const text = sectionOf(readme, heading);
    return text ? [`## ${title}`, withTechniqueLinks(text, techniqueAddresses)] : [];
  };
  return [
    frontmatter({title: familyTitles[family], outline: 2}),
    `# ${familyTitles[family]}`,
    `\`\`\`sh\nnpm install @regularizers/core @regularizers/${family} @tensorflow/tfjs\n\`\`\``,
    sectionOf(readme, 'What is this?') ?? '',
    '## Techniques',
    ...ofFamily(family).map(
      ({technique, title, address, page}) =>
        `### [${title}](${address})\n\n${technique.about}\n\n$$\n${page.formula}\n$$`,
    ),
    ...section('When to use it', 'When it helps'),
    ...section('Interactions', 'What goes with what'),
    ...section('References', 'Sources'),
    `Everything that the package exports: [reference of \`@regularizers/${family}\`](/reference/${family}/).`,
  ].join('\n\n');
}

function techniquePage(one: SiteTechnique, reference: Reference, cost: TechniqueCost): string {
  const {technique, family, page, title, plugin} = one;
  const {name, about, options} = technique;
  const code = exampleCode(one);
  const recipe = exampleRecipe(one);
  const docblock = reference.docblockOf(family, name);
  const [, , table = ''] = optionsMarkdown([technique]).split(/\n\n/);
  const file = `packages/${family}/src/${kebab(name)}.ts`;
  const exported = reference.modules.get(family) ?? [];
  const related = exported.filter(({name: other}) => belongs(other, name));
  return [
    frontmatter({title, description: about, technique: name}),
    `# ${title} <code class="name">${name}</code>`,
    `<p class="package">@regularizers/${family} · <a href="${sourceUrl(file)}">source</a></p>`,
    about,
    `\`\`\`ts\n${signatureOf(technique)}\n\`\`\``,
    `$$\n${page.formula}\n$$`,
    `**When it helps.** ${page.when}`,
    '## Example',
    `\`\`\`sh\nnpm install ${packagesOf(code).join(' ')}\n\`\`\``,
    `\`\`\`ts\n${code}\n\`\`\``,
    recipe
      ? `<OpenInLab :recipe='${JSON.stringify(recipe).replaceAll("'", '&#39;')}' />`
      : "The lab's pictures are grey, so that there is nothing to see of it there.",
    '## Options',
    Object.keys(options).length === 0 ? 'None.' : table,
    `And \`name\`, which draws and state go by: two of one technique in a trainer need different ones. In types: [\`${optionsName(name)}\`](${exported.find((each) => each.name === optionsName(name))?.address ?? `/reference/${family}/`}).`,
    '## In detail',
    detailOf(docblock),
    ...compositionOf(one),
    '## Cost',
    page.cost,
    costOf(plugin, cost),
    ...timesOf(name),
    '## Sources',
    [
      ...docblock.see.map((source) => `- ${linked(source)}`),
      `- Source: [\`${file}\`](${sourceUrl(file)})`,
      `- Reference: ${related.map(({name: other, address}) => `[\`${other}\`](${address})`).join(', ')}`,
    ].join('\n'),
  ].join('\n\n');
}

/** How it is called: a list of plugins first, where it takes one, and options with the defaults that are values. */
export function signatureOf({name, options}: Technique): string {
  const all = Object.entries(options);
  const isPlugins = ([, option]: (typeof all)[number]): boolean =>
    option.kind === 'list' && option.of.kind === 'plugin';
  const known = all
    .filter((entry) => !isPlugins(entry))
    .map(([key, {default: value}]) => {
      const isShown = ['number', 'boolean', 'string'].includes(typeof value);
      return isShown ? `${key} = ${typeof value === 'string' ? `'${value}'` : value}` : key;
    });
  const plugins = all.filter(isPlugins).map(([key]) => `${key}, `);
  const line = `${name}(${plugins.join('')}${known.length > 0 ? `{${known.join(', ')}}` : ''})`.replace(
    ', )',
    ')',
  );
  if (line.length <= widestLine) return line;
  return `${name}(${plugins.join('')}{\n${known.map((option) => `  ${option},\n`).join('')}})`;
}

/** The interface of a technique's options. */
export const optionsName = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}Options`;

/** The factory, its options and its description. */
const belongs = (other: string, name: string): boolean =>
  other === name || other === optionsName(name) || other === `${name}Technique`;

/** A formula in plain text, as docblocks have it: it begins a paragraph, up to what is said beside it. */
export const plainFormula: RegExp =
  /^(?:\S{1,8} ←|(?:objective|penalty|ŷ|\S*_dec) = |[xg] \+ [Nf]\()[^;]*(?:; |$)/;

/** The docblock without what the formula above says better. */
function detailOf({summary}: Docblock): string {
  const isFormula = (paragraph: string): boolean =>
    !/[.:;)`]$/.test(paragraph.trim()) && !/^[-*] /m.test(paragraph);
  return summary
    .split('\n\n')
    .flatMap((paragraph) => {
      const rest = paragraph.replace(plainFormula, '');
      // What is left of a formula is no sentence.
      if (rest !== paragraph && !/[.:]$/.test(rest)) return [];
      return isFormula(rest) ? [] : [rest.charAt(0).toUpperCase() + rest.slice(1)];
    })
    .join('\n\n');
}

/** Addresses in a source's text as links. */
const linked = (source: string): string =>
  source
    .replaceAll('\n', ' ')
    .replace(/https?:\/\/[^\s)]+[^\s).,]/g, (address) => `[${new URL(address).host}](${address})`);

function compositionOf(one: SiteTechnique): readonly string[] {
  const {before, after, listed, refused, once} = relationsOf(one);
  const {plugin, technique} = one;
  const works = hooks.filter((hook) => plugin[hook] !== undefined);
  const rows = [
    ['Runs after', links(after)],
    ['Runs before', links(before)],
    ['In the order of your list with', links(listed)],
    ['Refused beside', refused.map(([other, why]) => `${link(other)} (${why})`).join(', ')],
  ].filter(([, what]) => what !== '');
  return [
    '## Goes with',
    `It works in the loop at ${works.map((hook) => `\`${hook}\``).join(', ')}${plugin.tags?.length ? ` and ${plugin.tags.map((tag) => lower(tags[tag])).join(' ')}` : '.'}`,
    ...(rows.length > 0 ? [rows.map(([how, what]) => `- **${how}** ${what}`).join('\n')] : []),
    `With every other technique it goes in either order, and either order gives the same, up to rounding.${once ? ` Two of \`${technique.name}\` in one trainer are refused.` : ''} [How order is declared](/guides/composition).`,
  ];
}

const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);
const link = ({technique, address}: SiteTechnique): string => `[${technique.name}](${address})`;
const links = (list: readonly SiteTechnique[]): string => list.map(link).join(', ');

function costOf(
  {members = 1, passes = 1, keeps = 0}: Regularizer,
  {without, with: taken}: TechniqueCost,
): string {
  const more = taken.operations - without.operations;
  const operations = more === 0 ? 'as many' : `${Math.abs(more)} ${more > 0 ? 'more' : 'fewer'}`;
  const kept = (taken.state - without.state) / without.weights;
  const size = `${Math.abs(kept).toFixed(1)} times the size of the trained weights ${kept > 0 ? 'more' : 'less'}`;
  return [
    ...(members > 1 ? [`It trains ${members} members here.`] : []),
    ...(passes > 1 ? [`It evaluates and predicts with ${passes} passes here.`] : []),
    ...(keeps > 0 ? [`It keeps up to ${keeps === 1 ? 'one set' : `${keeps} sets`} of the weights.`] : []),
    `Counted on the example above, op by op: a step ${members > 1 ? 'of a member ' : ''}takes ${without.operations} operations without it and ${operations} with it; from step to step it keeps ${Math.abs(kept) < 0.05 ? 'nothing more that is worth counting' : size}.`,
  ].join(' ');
}

/** What `npm run bench` has measured of it. */
function timesOf(name: string): readonly string[] {
  const times = measuredTimes(name);
  if (times.length === 0) return [];
  const rows = times.map(({model, times: factor}) => `- ${model}: ${factor}`);
  return [
    `Measured as one graph on native TensorFlow, how many times as long a step takes with it ([benchmarks](/guides/benchmarks#what-regularizers-cost)):\n\n${rows.join('\n')}`,
  ];
}
