// Examples as programs: what they import, and the rest as one piece of code, whose lines are known.
import {join} from 'node:path';
import ts from 'typescript';
import {type Block, root} from './pages.ts';

/** One name that is imported. */
interface Import {
  readonly from: string;
  /** `*`, or the name that is exported; undefined where a module is imported for what it does. */
  readonly name?: string;
  readonly as?: string;
  readonly isType: boolean;
}

/** The code of an example, ready to be checked and run. */
export interface Program {
  readonly title: string;
  readonly path: string;
  readonly imports: readonly Import[];
  readonly code: string;
  /** For each line of `code` the line of the file that it is from; 0 for what stands in none. */
  readonly lines: readonly number[];
}

const isRelative = (specifier: string): boolean => specifier.startsWith('.');

const modifiersOf = (node: ts.Node): readonly ts.ModifierLike[] =>
  ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];

function importsOf({moduleSpecifier, importClause}: ts.ImportDeclaration): readonly Import[] {
  const from = (moduleSpecifier as ts.StringLiteral).text;
  if (!importClause) return [{from, isType: false}];
  const {name, namedBindings, phaseModifier} = importClause;
  const isType = phaseModifier === ts.SyntaxKind.TypeKeyword;
  const all: Import[] = name ? [{from, name: 'default', as: name.text, isType}] : [];
  if (namedBindings && ts.isNamespaceImport(namedBindings)) {
    all.push({from, name: '*', as: namedBindings.name.text, isType});
  } else if (namedBindings) {
    for (const {propertyName, name: local, isTypeOnly} of namedBindings.elements) {
      all.push({from, name: (propertyName ?? local).text, as: local.text, isType: isType || isTypeOnly});
    }
  }
  return all;
}

/**
 * What a block imports, and the rest, line by line where it was. What it exports it only declares; what it imports from a
 * file beside it has to have been written further above.
 */
function taken({code}: Block): {readonly imports: readonly Import[]; readonly rest: string} {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  let rest = code;
  const blank = (start: number, end: number): void => {
    rest = rest.slice(0, start) + rest.slice(start, end).replaceAll(/[^\n]/g, ' ') + rest.slice(end);
  };
  for (const node of source.statements) {
    if (ts.isImportDeclaration(node)) {
      imports.push(...importsOf(node).filter(({from}) => !isRelative(from)));
      blank(node.getStart(), node.end);
    } else if (ts.isExportDeclaration(node)) {
      blank(node.getStart(), node.end);
    }
    for (const modifier of modifiersOf(node)) {
      if (modifier.kind === ts.SyntaxKind.ExportKeyword) blank(modifier.getStart(), modifier.end);
    }
  }
  return {imports, rest};
}

/**
 * Blocks as one program. Each is in the scope of those before it, and may call something else by a name of theirs.
 *
 * @param implied what is in scope without being imported
 */
export function programOf(
  {title, path}: {readonly title: string; readonly path: string},
  blocks: readonly Block[],
  implied: readonly Import[] = [],
): Program {
  const parts = blocks.map((block) => ({...block, ...taken(block)}));
  const code: string[] = [];
  const lines: number[] = [];
  for (const {rest, line} of parts) {
    for (const [i, text] of ['{', ...rest.split('\n')].entries()) {
      code.push(text);
      lines.push(i === 0 ? 0 : line + i - 1);
    }
  }
  code.push('}'.repeat(parts.length));
  lines.push(0);
  // Said twice is said once: a page's blocks say what they need.
  const imports = new Map(
    [...implied, ...parts.flatMap((part) => part.imports)].map((each) => [JSON.stringify(each), each]),
  );
  return {title, path, imports: Array.from(imports.values()), code: code.join('\n'), lines};
}

function importLine({from, name, as, isType}: Import): string {
  if (name === undefined) return `import '${from}';`;
  const type = isType ? 'type ' : '';
  return `import ${type}${name === '*' ? `* as ${as}` : `{${name} as ${as}}`} from '${from}';`;
}

/** What is wrong with the types of programs, all checked together: file, line and message. */
export function typeErrors(programs: readonly Program[]): readonly string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    // What `strict` means, as in most people's projects, and no more.
    {
      noUncheckedIndexedAccess: false,
      noPropertyAccessFromIndexSignature: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      incremental: false,
    },
    {...ts.sys, onUnRecoverableConfigFileDiagnostic: ({messageText}) => expectNone(messageText)},
  )!;
  // As if they were files of the lab, which has all packages.
  const files = new Map(
    programs.map((program, i) => [join(root, 'apps/lab/test', `example-${i}.ts`), program] as const),
  );
  const host = ts.createCompilerHost(config.options);
  const readFile = (file: string): string | undefined => {
    const program = files.get(file);
    // All imports in one line, so that the code begins in the second.
    if (program) return `${program.imports.map(importLine).join(' ')} export {};\n${program.code}`;
    return ts.sys.readFile(file);
  };
  const checked = ts.createProgram({
    rootNames: [...files.keys()],
    options: config.options,
    host: {
      ...host,
      readFile,
      fileExists: (file) => files.has(file) || ts.sys.fileExists(file),
      getSourceFile: (file, options) => {
        const text = readFile(file);
        return text === undefined ? undefined : ts.createSourceFile(file, text, options, true);
      },
    },
  });
  return Array.from(files).flatMap(([file, {path, lines}]) => {
    const source = checked.getSourceFile(file)!;
    return [...checked.getSyntacticDiagnostics(source), ...checked.getSemanticDiagnostics(source)].map(
      ({messageText, start}) => {
        const {line} = source.getLineAndCharacterOfPosition(start!);
        return `${path}:${lines[line - 1] ?? 0} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      },
    );
  });
}

function expectNone(message: string | ts.DiagnosticMessageChain): never {
  throw new Error(ts.flattenDiagnosticMessageText(message, '\n'));
}

type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Runs a program with the modules that it may import. */
export async function run(program: Program, modules: Modules): Promise<void> {
  const {outputText} = ts.transpileModule(program.code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  const imported = program.imports
    .filter(({isType, name}) => !isType && name !== undefined)
    .map(({from, name, as}) => {
      const module = `modules[${JSON.stringify(from)}]`;
      return name === '*' ? `const ${as} = ${module};` : `const ${as} = ${module}.${name};`;
    });
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
  await new AsyncFunction('modules', `${imported.join('\n')}\n${outputText}`)(modules);
}

/** The modules that programs import, by name. */
export const modulesOf = (programs: readonly Program[]): readonly string[] =>
  Array.from(
    new Set(programs.flatMap(({imports}) => imports.filter(({isType}) => !isType).map(({from}) => from))),
  );
