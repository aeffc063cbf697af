// The lab composes whatever techniques there are: it knows none by name, but in what it shows as an example.
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import ts from 'typescript';
import {expect, test} from 'vitest';
import {techniques} from '../src/regularizers.ts';

const source = fileURLToPath(new URL('../src', import.meta.url));
/** Recipes to begin with, whose strengths were measured. */
const examples = 'examples';

const names: ReadonlySet<string> = new Set(techniques.map(({name}) => name));

/** Words that mean something else where they stand: a tag of core's, an initializer of TensorFlow.js's. */
const otherMeanings: Readonly<Record<string, string>> = {
  'web/worker/fed.ts': 'adversarial',
  'code/model-code.ts': 'orthogonal',
};

/** The techniques that a file's text names: as a string, or as the key of an object. */
function namedIn(text: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);
    const key = ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) ? node.name.text : undefined;
    const name = isText ? node.text : key;
    if (name !== undefined && names.has(name)) found.push(name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest));
  return found;
}

test('no technique stands in the sources by its name', async () => {
  const files = (await readdir(source, {recursive: true})).filter((file) => file.endsWith('.ts'));
  const others = files.filter((file) => !file.startsWith(`${examples}/`));
  const named = await Promise.all(
    others.map(async (file) => {
      const found = namedIn(await readFile(join(source, file), 'utf8'));
      return [file, found.filter((name) => name !== otherMeanings[file])] as const;
    }),
  );
  expect(named.filter(([, found]) => found.length > 0)).toEqual([]);
  expect(others.length).toBeLessThan(files.length);
});

test('a name is seen where it stands', () => {
  expect(
    namedIn(`const a = {name: 'dropout', l2: 3}; const swa = "a dropout"; if (b === \`tie\`) share();`),
  ).toEqual(['dropout', 'l2', 'tie']);
});
