// The reference: typedoc reads the sources of all packages, and writes a page of Markdown for each export.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {
  Application,
  type Comment,
  type CommentDisplayPart,
  CommentTag,
  type DeclarationReflection,
  PageEvent,
  type ProjectReflection,
  Reflection,
  ReflectionKind,
  type Router,
} from 'typedoc';
import {app, pagesFolder, repositoryUrl, root} from './places.ts';

/** What a docblock says, as Markdown. */
export interface Docblock {
  readonly summary: string;
  /** Its sources: papers, with where in them. */
  readonly see: readonly string[];
}

/** An export, and where its page is. */
export interface Exported {
  readonly name: string;
  readonly group: string;
  readonly address: string;
}

/** The reference of all packages, once its pages are written. */
export interface Reference {
  /** The packages and their further entries, such as `core` and `core/node`, and what each exports. */
  readonly modules: ReadonlyMap<string, readonly Exported[]>;
  /** The docblock of a function of a package. */
  docblockOf(module: string, name: string): Docblock;
}

const groups = [
  'Regularizers',
  'Functions',
  'Classes',
  'Options',
  'Types',
  'Values',
  'Descriptions',
] as const;

/** Everything that packages export, by their source. */
function entryPoints(): readonly string[] {
  return readdirSync(join(root, 'packages')).flatMap((folder) => {
    // A command exports nothing.
    const {exports = {}} = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
    return Object.values<{readonly source?: string}>(exports).flatMap(({source}) =>
      source ? [join(root, 'packages', folder, source)] : [],
    );
  });
}

/**
 * Writes the reference into `.pages/reference`.
 *
 * @throws Error if anything exported has no docblock, or a docblock links to what is not there
 */
export async function writeReference(): Promise<Reference> {
  const typedoc = await Application.bootstrapWithPlugins({
    options: join(app, 'typedoc.json'),
    tsconfig: join(app, 'tsconfig.reference.json'),
    entryPoints: [...entryPoints()],
    basePath: root,
    sourceLinkTemplate: `${repositoryUrl()}/blob/main/packages/{path}#L{line}`,
    outputs: [{name: 'markdown', path: join(pagesFolder, 'reference')}],
  });
  typedoc.converter.on('resolveBegin', ({project}: {readonly project: ProjectReflection}) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.SomeExport)) {
      if (reflection.isDeclaration()) giveGroup(reflection);
    }
  });
  typedoc.renderer.on(PageEvent.END, (page) => {
    if (page.contents) page.contents = withSourceBelowTitle(page.contents);
  });
  // It is there while pages are written, and not after.
  let router: Router | undefined;
  typedoc.renderer.on('beginRender', () => {
    router = typedoc.renderer.router;
  });
  const project = await typedoc.convert();
  if (!project) throw new Error('typedoc could not read the sources: see above.');
  typedoc.validate(project);
  await typedoc.generateOutputs(project);
  if (typedoc.logger.hasErrors() || typedoc.logger.hasWarnings()) {
    throw new Error('The reference has warnings: see above.');
  }
  const addressOf = (target: Reflection): string =>
    `/reference/${router!.getFullUrl(target)}`.replace(/\.md(?=#|$)/, '').replace(/\/index$/, '/');
  const modules = new Map(
    (project.children ?? []).map((module) => [module.name.replace('@regularizers/', ''), module]),
  );
  return {
    modules: new Map([...modules].map(([name, module]) => [name, exportsOf(module, addressOf)])),
    docblockOf(module, name) {
      const found = modules.get(module)?.children?.find((one) => one.name === name);
      const comment = found?.signatures?.[0]?.comment;
      if (!comment) throw new Error(`@regularizers/${module} has no function ${name} with a docblock.`);
      return docblock(comment, addressOf);
    },
  };
}

/**
 * A page says first what something is. Where it comes from stands small below the title, as on the pages of techniques, and
 * of what is a part of it behind the part.
 */
function withSourceBelowTitle(page: string): string {
  const defined = /^Defined in: \[packages\/([\w-]+)\/[^\]]*\]\(([^)]+)\)\n\n?/m;
  const [line, folder, url] = defined.exec(page) ?? [];
  if (line === undefined) return page;
  const place = `<p class="package">@regularizers/${folder} · <a href="${url}">source</a></p>`;
  return page
    .replace(line, '')
    .replace(/^# .+$/m, (title) => `${title}\n\n${place}`)
    .replace(/^Defined in: \[[^\]]*\]\(([^)]+)\)$/gm, '[source]($1)');
}

function exportsOf(
  module: DeclarationReflection,
  addressOf: (target: Reflection) => string,
): readonly Exported[] {
  const listed = (module.groups ?? []).flatMap(({title, children}) =>
    children.map((child) => ({name: child.name, group: title, address: addressOf(child)})),
  );
  return listed.toSorted((a, b) => placeOf(a.group) - placeOf(b.group) || a.name.localeCompare(b.name));
}

const placeOf = (group: string): number => {
  const place = (groups as readonly string[]).indexOf(group);
  return place < 0 ? groups.length : place;
};

/** Plugins first, pure halves next, and types after: by what a reader looks for, not by what the language calls it. */
function giveGroup(reflection: DeclarationReflection): void {
  const group = groupOf(reflection);
  if (group === undefined) return;
  const comments = reflection.signatures?.flatMap(({comment}) => comment ?? []) ?? [];
  for (const comment of reflection.comment ? [reflection.comment, ...comments] : comments) {
    comment.blockTags.push(new CommentTag('@group', [{kind: 'text', text: group}]));
  }
}

function groupOf(reflection: DeclarationReflection): (typeof groups)[number] | undefined {
  if (reflection.parent?.kind !== ReflectionKind.Module) return undefined;
  switch (reflection.kind) {
    case ReflectionKind.Function: {
      const type = reflection.signatures?.[0]?.type;
      return type?.type === 'reference' && /Regularizer$/.test(type.name) ? 'Regularizers' : 'Functions';
    }
    case ReflectionKind.Class:
      return 'Classes';
    case ReflectionKind.Interface:
      return /Options$/.test(reflection.name) ? 'Options' : 'Types';
    case ReflectionKind.TypeAlias:
      return 'Types';
    case ReflectionKind.Variable:
      return /Technique$|^techniques$/.test(reflection.name) ? 'Descriptions' : 'Values';
    default:
      return undefined;
  }
}

function docblock(comment: Comment, addressOf: (target: Reflection) => string): Docblock {
  const text = (parts: readonly CommentDisplayPart[]): string =>
    parts
      .map((part) => {
        if (part.kind !== 'inline-tag') return part.text;
        const {target} = part;
        return target instanceof Reflection ? `[\`${part.text}\`](${addressOf(target)})` : `\`${part.text}\``;
      })
      .join('')
      .trim();
  return {
    summary: text(comment.summary),
    see: comment.blockTags.filter(({tag}) => tag === '@see').map(({content}) => text(content)),
  };
}
