// Node only: `lab run`.
import {type EvaluationReport, explanationText} from '@regularizers/core';
import {unlessAborted} from '../compare.ts';
import {labelNoiseOf} from '../data/label-noise.ts';
import {splitText} from '../data/report.ts';
import {dataTitle} from '../data/title.ts';
import {byMember} from '../histories.ts';
import {unpacked} from '../looks/packed.ts';
import type {Recipe} from '../recipe.ts';
import {reportHtml} from '../report/html.ts';
import {type Evaluated, formatMeasure, formatSeconds} from '../report/rows.ts';
import type {RunReport} from '../run.ts';
import type {RunHooks} from '../runner.ts';
import type {SavedModel} from '../saved-model.ts';
import type {BackendName} from './backend-names.ts';
import {openRunner, type Sources} from './backends.ts';
import {type BaseOptions, baseRecipe, checkGiven} from './base-recipe.ts';
import type {GivenCommand} from './command-line.ts';
import {beginRun, checkpointing} from './interrupted-run.ts';
import {type ModelFolder, openModelFolder} from './model-folder.ts';
import {type ProgressView, progressView, say, type Terminal} from './output.ts';
import {
  type Interrupted,
  openOutput,
  type ResultPaths,
  recipeFileOf,
  removeInterrupted,
  writeResults,
} from './results.ts';

/** Options of `lab run`. */
export interface RunCommandOptions extends BaseOptions, Interrupted {
  readonly backend: BackendName;
  readonly out: string;
  readonly seed?: number;
  /** Seconds between checkpoints, at the least. */
  readonly saveEvery: number;
  /** The folder for the trained model. @defaultValue it is not written */
  readonly save?: string;
}

/** Trains one recipe and saves what came of it. Returns the exit code. */
export async function runCommand(
  file: string | undefined,
  options: RunCommandOptions,
  command: GivenCommand,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const {seed, out, data, save} = options;
  checkGiven(file, data);
  const given = await baseRecipe(file, options, sources, (sentence) => say(terminal, sentence));
  const recipe: Recipe = seed === undefined ? given : {...given, seed};
  const {paths, close} = await openOutput(out, recipe.name ?? titleOf(recipe));
  try {
    const folder = save === undefined ? undefined : await openModelFolder(save);
    try {
      return await runInto({paths, folder}, recipe, options, command, terminal, sources);
    } finally {
      await folder?.close();
    }
  } finally {
    await close();
  }
}

interface Target {
  readonly paths: ResultPaths;
  readonly folder: ModelFolder | undefined;
}

async function runInto(
  {paths, folder}: Target,
  recipe: Recipe,
  options: RunCommandOptions,
  command: GivenCommand,
  terminal: Terminal,
  sources: Sources,
): Promise<number> {
  const {stdout, stderr, signal} = terminal;
  const {runner, note} = await openRunner(options.backend, recipe, sources, signal);
  try {
    if (note) say(terminal, note);
    const {explanation} = await runner.preview(recipe);
    const from = await beginRun(paths, options, {recipe, backend: runner.label}, (sentence) =>
      say(terminal, sentence),
    );
    say(terminal, `${titleOf(recipe)} on ${runner.label}\n${explanationText(explanation)}`);
    const onCheckpoint = checkpointing(paths, options.saveEvery, signal);
    let models: readonly SavedModel[] = [];
    const onTrained = (trained: readonly SavedModel[]): void => {
      models = trained;
    };
    const report = await train(recipe, runner, progressView(stderr, 1), {
      from,
      onCheckpoint,
      ...(folder ? {onTrained} : {}),
      look: true,
      signal,
    });
    if (!report || signal.aborted) {
      say(terminal, `Interrupted. To go on: ${command.goOn}`);
      return 130;
    }
    // First what no disk can refuse.
    stdout.write(`${summary(report).join('\n')}\n`);
    const saved = (await folder?.save(models)) ?? [];
    await writeResults(paths, report, htmlOf(report, runner.label, command));
    await removeInterrupted(paths);
    say(terminal, [paths.json, paths.html, ...saved].join('\n'));
    return 0;
  } finally {
    await runner.close();
  }
}

async function train(
  recipe: Recipe,
  runner: Awaited<ReturnType<typeof openRunner>>['runner'],
  view: ProgressView,
  hooks: RunHooks & {readonly signal: AbortSignal},
): Promise<RunReport | undefined> {
  try {
    const title = titleOf(recipe);
    view.start(title);
    const onProgress: RunHooks['onProgress'] = (progress) => view.update(title, progress);
    const onNotice: RunHooks['onNotice'] = (sentence) => view.say(sentence);
    return await unlessAborted(runner.run(recipe, {...hooks, onProgress, onNotice}), hooks.signal);
  } finally {
    view.close();
  }
}

const titleOf = ({name, data, model, regularizers}: Recipe): string =>
  name ?? [dataTitle(data), model.name, ...regularizers.map((one) => one.as ?? one.name)].join(' ');

/** What came of it, in a few lines. */
function summary({
  recipe,
  data,
  train,
  validation,
  test,
  measure,
  testError,
  gap,
  seconds,
  parameters,
  stopped,
}: RunReport): readonly string[] {
  const parts = Object.entries(data.examples).map(([split, size]) => `${split} ${size}`);
  const splits = Object.entries({train, validation, test}).map(([split, report]) => {
    const values = Object.entries(report).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    return `${split.padEnd(12)}${values.join('  ')}`;
  });
  return [
    `examples    ${parts.join(', ')}; ${splitText(recipe.data)}`,
    ...splits,
    `test ${measure}  ${formatMeasure(testError, measure)}, gap ${formatMeasure(gap, measure)}${ofGiven(recipe)}`,
    ...(stopped ? [`stopped     in epoch ${stopped.epoch} by ${stopped.by}: ${stopped.why}`] : []),
    `${parameters} parameters, ${formatSeconds(seconds)}`,
  ];
}

/** Against which labels a gap is. */
const ofGiven = ({data}: Recipe): string =>
  labelNoiseOf(data) > 0 ? ' to the training labels as given, wrong ones too' : '';

function htmlOf(report: RunReport, backend: string, command: GivenCommand): string {
  const {recipe, history, train, look} = report;
  const title = titleOf(recipe);
  const file = recipeFileOf(title);
  return reportHtml({
    title,
    subtitle: `${dataTitle(recipe.data)}, ${recipe.model.name}, seed ${recipe.seed}, on ${backend}`,
    parts: [
      {
        notes: summary(report),
        runs: [
          {name: title, histories: byMember(history), evaluated: [train as EvaluationReport & Evaluated]},
        ],
        ...(look ? {looks: [{name: title, look: unpacked(look)}]} : {}),
      },
    ],
    recipes: [{name: title, recipe, file, command: command.run(file, recipe)}],
    command: command.again,
  });
}
