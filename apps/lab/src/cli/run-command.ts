// Node only: `lab run`.
import {readFile} from 'node:fs/promises';
import {RegularizerError} from '@regularizers/core';
import {byMember} from '../compare.ts';
import {writeWhole} from '../files.ts';
import {type Recipe, readRecipe} from '../recipe.ts';
import {reportHtml} from '../report/html.ts';
import {formatMeasure, formatSeconds} from '../report/rows.ts';
import type {RunReport} from '../run.ts';
import {type BackendName, openRunner, type Sources} from './backends.ts';
import {type ProgressView, progressView, type Terminal} from './output.ts';
import {resultPaths, writeJson} from './results.ts';

/** Options of `lab run`. */
export interface RunCommandOptions {
  readonly backend: BackendName;
  readonly out: string;
  readonly seed?: number;
}

/** Trains one recipe and saves what came of it. Returns the exit code. */
export async function runCommand(
  file: string,
  options: RunCommandOptions,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const {seed, backend, out} = options;
  const given = await readRecipeFile(file);
  const recipe: Recipe = seed === undefined ? given : {...given, seed};
  const {runner, note} = await openRunner(backend, recipe.model, sources);
  try {
    if (note) terminal.stderr.write(`${note}\n`);
    const {explain} = await runner.preview(recipe);
    terminal.stderr.write(`${titleOf(recipe)} on ${runner.label}\n${explain}\n`);
    const view = progressView(terminal.stderr, 1);
    const report = await train(recipe, runner, view, terminal.signal);
    if (terminal.signal.aborted) {
      terminal.stderr.write('Interrupted; nothing was written.\n');
      return 130;
    }
    const paths = resultPaths(out, recipe.name ?? titleOf(recipe));
    await writeJson(paths.json, report);
    await writeWhole(paths.html, htmlOf(report, runner.label, file));
    terminal.stdout.write(`${summary(report)}\n`);
    terminal.stderr.write(`${paths.json}\n${paths.html}\n`);
    return 0;
  } finally {
    await runner.close();
  }
}

async function train(
  recipe: Recipe,
  runner: Awaited<ReturnType<typeof openRunner>>['runner'],
  view: ProgressView,
  signal: AbortSignal,
): Promise<RunReport> {
  try {
    view.start(titleOf(recipe));
    return await runner.run(recipe, {signal, onProgress: (progress) => view.update(progress)});
  } finally {
    view.close();
  }
}

/** @throws RegularizerError with code `unreadable`, or as `parseRecipe` */
export async function readRecipeFile(file: string): Promise<Recipe> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new RegularizerError({
      where: 'recipe',
      code: 'unreadable',
      message: `${file} cannot be read`,
      cause,
    });
  }
  return readRecipe(text, file);
}

const titleOf = ({name, data, model, regularizers}: Recipe): string =>
  name ?? [data.name, model.name, ...regularizers.map((one) => one.as ?? one.name)].join(' ');

/** What came of it, in a few lines. */
export function summary({
  train,
  validation,
  test,
  measure,
  testError,
  gap,
  seconds,
  parameters,
  stopped,
}: RunReport): string {
  const splits = Object.entries({train, validation, test}).map(([split, report]) => {
    const values = Object.entries(report).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    return `${split.padEnd(12)}${values.join('  ')}`;
  });
  return [
    ...splits,
    `test ${measure}  ${formatMeasure(testError, measure)}, gap ${formatMeasure(gap, measure)}`,
    ...(stopped ? [`stopped     in epoch ${stopped.epoch} by ${stopped.by}: ${stopped.why}`] : []),
    `${parameters} parameters, ${formatSeconds(seconds)}`,
  ].join('\n');
}

function htmlOf(report: RunReport, backend: string, file: string): string {
  const {recipe, history} = report;
  const title = titleOf(recipe);
  return reportHtml({
    title,
    subtitle: `${recipe.data.name}, ${recipe.model.name}, seed ${recipe.seed}, on ${backend}`,
    rows: [],
    runs: [{name: title, histories: byMember(history)}],
    measure: report.measure,
    recipe,
    command: `lab run ${file}`,
  });
}
