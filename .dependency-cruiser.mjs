// What may import what; docs/guides/architecture.md says what each folder is for.
import {layersOfCore, packages} from './scripts/architecture.mjs';

/** A folder of core may import those before it in the list, and the contract at the top. */
const layers = layersOfCore.map(({folder}, at) => ({
  name: `core-${folder}`,
  comment: `packages/core/src/${folder} imports only from folders that stand before it in scripts/architecture.mjs.`,
  severity: 'error',
  from: {path: `^packages/core/src/${folder}/`},
  to: {
    path: '^packages/core/src/',
    pathNot: `^packages/core/src/(${layersOfCore
      .slice(0, at + 1)
      .map(({folder}) => `${folder}/`)
      .join('|')}|info\\.ts$|tags\\.ts$|regularizer\\.ts$)`,
  },
}));

/** A package may import from those that it is built on. */
const between = packages.map(({folder, builtOn}) => ({
  name: `package-${folder}`,
  comment: `packages/${folder}/src imports only from the packages that scripts/architecture.mjs lists for it.`,
  severity: 'error',
  from: {path: `^packages/${folder}/src/`},
  to: {path: '^(packages|apps)/', pathNot: `^packages/(${[folder, ...builtOn].join('|')})/`},
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Files import in a circle, types included: put what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: {circular: true},
    },
    ...layers,
    ...between,
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    exclude: {path: ['/(test|dist|node_modules)/']},
    tsPreCompilationDeps: true,
    tsConfig: {fileName: 'tsconfig.json'},
    enhancedResolveOptions: {exportsFields: ['exports'], conditionNames: ['source', 'import', 'types']},
  },
};
