// Writes into the packages of a checkout what they have to say once they lie elsewhere: whose they are and where they
// come from, and links that lead there. The release workflow and the suites run it in a copy that is thrown away.
import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join, posix} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const workspaceFolders = ['packages', 'apps'];

/** The folders of what is published, as paths from the workspace: whatever is not private. */
export function publishedFolders(root) {
  return workspaceFolders.flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => posix.join(parent, name))
      .filter((folder) => isPublished(join(root, folder))),
  );
}

function isPublished(folder) {
  const manifest = readManifest(folder);
  return manifest !== undefined && !manifest.private;
}

/**
 * What all packages say of where they come from. It stands in the workspace's package.json, with OWNER for whoever has the
 * repository; where a workflow runs, that is known.
 */
export function identityOf(root, env = process.env) {
  const {author, homepage, repository, bugs} = readManifest(root);
  const text = JSON.stringify({author, homepage, repository, bugs});
  const [owner, name] = env.GITHUB_REPOSITORY?.split('/') ?? [];
  if (!owner || !name) return JSON.parse(text);
  return JSON.parse(
    text
      .replaceAll('github.com/OWNER/regularizers', `github.com/${owner}/${name}`)
      .replaceAll('OWNER.github.io/regularizers', `${owner.toLowerCase()}.github.io/${name}`),
  );
}

/** A document whose relative links lead to the repository; those within the document stay. */
export function withAbsoluteLinks(markdown, {folder, repository, isFolder}) {
  const web = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  const absolute = (image, link) => {
    const [, path, fragment] = /^([^#]*)(.*)$/.exec(link);
    const target = posix.normalize(posix.join(folder, path)).replace(/\/$/, '');
    const kind = image ? 'raw' : isFolder(target) ? 'tree' : 'blob';
    return `${web}/${kind}/HEAD/${target}${fragment}`;
  };
  return markdown
    .replaceAll(
      /(!?)(\[[^\]]*\])\((?![a-z]+:|#)([^)\s]+)/g,
      (_, image, label, link) => `${image}${label}(${absolute(image, link)}`,
    )
    .replaceAll(
      /(<img\b[^>]*?\bsrc=|\bsrcset=)"(?![a-z]+:)([^"\s]+)/g,
      (_, before, link) => `${before}"${absolute('!', link)}`,
    )
    .replaceAll(
      /(<a\b[^>]*?\bhref=)"(?![a-z]+:|#)([^"\s]+)/g,
      (_, before, link) => `${before}"${absolute('', link)}`,
    );
}

/** Makes all packages of a checkout ready, in place. */
export function makePublishable(root, env = process.env) {
  const identity = identityOf(root, env);
  for (const folder of publishedFolders(root)) {
    const manifest = join(root, folder, 'package.json');
    const repository = {...identity.repository, directory: folder};
    const whole = {...readManifest(join(root, folder)), ...identity, repository};
    writeFileSync(manifest, `${JSON.stringify(whole, null, 2)}\n`);
    const readme = join(root, folder, 'README.md');
    const isFolder = (path) => statSync(join(root, path), {throwIfNoEntry: false})?.isDirectory() ?? false;
    writeFileSync(readme, withAbsoluteLinks(readFileSync(readme, 'utf8'), {folder, repository, isFolder}));
  }
}

function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  makePublishable(fileURLToPath(new URL('..', import.meta.url)));
}
