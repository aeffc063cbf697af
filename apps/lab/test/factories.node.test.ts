// Every factory is built alike: its docblock has the same sections in one order, its body checks options first, and the
// plugin that it makes has its parts in the order of the contract.
import {readdirSync, readFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Regularizer} from '@regularizers/core';
import {makeFixture} from '@regularizers/testing';
import ts from 'typescript';
import {describe, expect, test} from 'vitest';
import {techniques} from '../src/regularizers.ts';
import {entries} from './compositions/entries.ts';

const packages = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'packages');
const families = ['augmentation', 'dropout', 'early-stopping', 'ensembles', 'l2', 'noise', 'sharing'];

interface Factory {
  readonly name: string;
  /** The docblock without its stars. */
  readonly doc: string;
  readonly tags: readonly string[];
  /** What stands after each `@see`. */
  readonly sources: readonly string[];
  readonly statements: readonly string[];
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** The exported functions of a file whose name is the plugin's by default. */
function factoriesIn(path: string): readonly Factory[] {
  return parse(path).statements.flatMap((node): Factory[] => {
    if (!ts.isFunctionDeclaration(node) || !node.name || !node.body) return [];
    const isExported = ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export;
    const isNamed = node.typeParameters?.some(({name, default: initial}) => name.text === 'Name' && initial);
    if (!isExported || !isNamed) return [];
    const doc = node
      .getFullText()
      .slice(0, node.getLeadingTriviaWidth())
      .replace(/^\s*(\/\*\*| \*\/| \* ?)/gm, '');
    const sections = doc.split(/^@/m).slice(1);
    return [
      {
        name: node.name.text,
        doc,
        tags: sections.map((section) => /^\w+/.exec(section)?.[0] ?? ''),
        sources: sections.filter((section) => section.startsWith('see')),
        statements: node.body.statements.map((statement) => statement.getText()),
      },
    ];
  });
}

const factories = families.flatMap((family) => {
  const folder = join(packages, family, 'src');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => factoriesIn(join(folder, file)))
    .map((factory) => [`${family}/${factory.name}`, factory] as const);
});

test('every technique has its factory here', () => {
  const made = factories.map(([path]) => basename(path)).filter((name) => name !== 'fromModel');
  expect(made.toSorted()).toEqual(techniques.map(({name}) => name).toSorted());
});

describe.each(factories)('%s', (_, {doc, tags, sources, statements}) => {
  test('says what it does, what its options are for, when it throws, an example, and where it is from', () => {
    expect(doc.trim()).toMatch(/^[A-Z][^@]*?[.:)]\n/);
    expect(doc).toMatch(/^@param options \S/m);
    expect(doc).toMatch(/^@throws RegularizerError (if|with code) /m);
    expect(doc).toMatch(/^@example\n```ts\n/m);
    const order = ['param', 'throws', 'example', 'see'];
    expect([...new Set(tags)]).toEqual(order);
    expect(tags).toEqual(tags.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    for (const source of sources) expect(source).toMatch(/\b(19|20)\d\d\b|https:\/\//);
    expect(sources.join()).toMatch(/https:\/\//);
  });

  test('checks its options first, and ends with the plugin', () => {
    expect(statements[0]).toMatch(/readTechnique|isList/);
    expect(statements.at(-1)).toMatch(/^return /);
  });
});

/** The parts of a plugin, as the contract has them. */
function partsOfPlugins(): readonly string[] {
  const contract = parse(join(packages, 'core', 'src', 'regularizer.ts')).statements;
  const plugin = contract.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === 'Regularizer');
  return plugin && ts.isInterfaceDeclaration(plugin) ? plugin.members.map(({name}) => name!.getText()) : [];
}

test('the contract lists the hooks in the order of the loop', () => {
  const loop = readFileSync(join(packages, 'core', 'src', 'regularizer.ts'), 'utf8').split('```')[1]!;
  const parts = partsOfPlugins();
  const hooks = parts.slice(parts.indexOf('setup'));
  // Where each is first spoken of at the head of the file: those after training come in the order of the epochs' end.
  const places = hooks.map((hook) => loop.search(new RegExp(`^[^a-z]*${hook}\\b`, 'm')));
  expect(places.every((place) => place >= 0)).toBe(true);
  const inStep = hooks.slice(0, hooks.indexOf('collect'));
  expect(inStep).toEqual(inStep.toSorted((a, b) => places[hooks.indexOf(a)]! - places[hooks.indexOf(b)]!));
});

describe('plugins have their parts in the order of the contract', () => {
  const parts = partsOfPlugins();
  const check = (plugin: Regularizer): void => {
    const keys = Object.keys(plugin);
    const known = keys.filter((key) => parts.includes(key));
    expect(keys.slice(0, known.length), 'what is not of the contract comes last').toEqual(known);
    expect(known).toEqual(known.toSorted((a, b) => parts.indexOf(a) - parts.indexOf(b)));
  };
  test.each(Object.entries(entries))('%s', (_, {create, fixture = 'composite', declares}) => {
    const made = makeFixture(fixture, declares === undefined ? {} : {declares: [declares]});
    check(create(made));
    made.model.dispose();
  });
});
