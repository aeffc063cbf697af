// Node only: the command line.
import {printable, RegularizerError} from '@regularizers/core';
import {NativeError} from '@regularizers/native';
import {Command, CommanderError, Option} from 'commander';
import {codeBackends} from '../code/program.ts';
import {lessons} from '../examples/lessons/index.ts';
import {modelNames} from '../models/catalog.ts';
import {recipeJsonSchema} from '../recipe-schema.ts';
import {trainerCommand} from '../workers/trainer.ts';
import {anyNumber, filled, integer, number, words} from './arguments.ts';
import {backendNames} from './backend-names.ts';
import type {Sources} from './backends.ts';
import {type CodeCommandOptions, codeCommand} from './code-command.ts';
import {type GivenCommand, givenCommand, type Program, programOf} from './command-line.ts';
import {type CompareCommandOptions, compareCommand} from './compare-command.ts';
import {addDataOptions} from './data-options.ts';
import {type LessonCommandOptions, lessonBackends, lessonCommand} from './lesson-command.ts';
import {listText} from './list-command.ts';
import type {Terminal} from './output.ts';
import {loadPlugins} from './plugins.ts';
import {type RunCommandOptions, runCommand} from './run-command.ts';
import {type SearchCommandOptions, searchCommand} from './search-command.ts';
import {sourcesOf} from './sources.ts';
import {version} from './version.ts';
import {type WebCommandOptions, webCommand} from './web-command.ts';
import {type WorkerCommandOptions, workerCommand} from './worker-command.ts';

/** The exit code for what the user can put right: a typed error, or a wrong option. */
const usersFault = 2;

/**
 * Runs the command line.
 *
 * @param words what follows the program's name, such as `['compare', '--data', 'mnist']`
 * @param sources where data files and the native backend come from
 * @param started how the program was started, for what a person is told to give
 * @returns the exit code: 0, 1 if recipes of a comparison failed, 2 for an error that the user can put right, 130 if the signal ended it
 */
export async function main(
  words: readonly string[],
  terminal: Terminal,
  sources: Sources = sourcesOf(terminal),
  started: Program = {words: ['lab']},
): Promise<number> {
  let code = 0;
  const program = makeProgram(givenCommand(started, words), terminal, sources, (result) => {
    code = result;
  });
  for (const [name, list] of Object.entries(examples)) {
    const of = name === program.name() ? program : program.commands.find((one) => one.name() === name)!;
    of.addHelpText('after', examplesText(started, list));
  }
  try {
    await program.parseAsync(words, {from: 'user'});
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usersFault;
    if (terminal.signal.aborted) return 130;
    if (!RegularizerError.isInstance(error) && !NativeError.isInstance(error)) throw error;
    terminal.stderr.write(`${error.message}\n`); // printable: both kinds see to that
    return usersFault;
  }
}

/** Runs the command line of this process: Ctrl-C ends it cleanly, a second one at once; so does a kill. */
export async function runMain(): Promise<void> {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interruption.abort());
  const {stdout, stderr} = process;
  const terminal = {stdout, stderr, signal: interruption.signal};
  process.exitCode = await main(process.argv.slice(2), terminal, sourcesOf(terminal), programOf(process));
}

/** Lines of help: what a person may type, and what it does. */
type Examples = readonly (readonly [words: string, what: string])[];

const examples = {
  lab: [
    ['compare', 'what each regularizer does, on drawn letters'],
    ['compare --data mnist --only l2,dropout', 'two of them, on digits'],
    ['search --data glyphs --minutes 10', 'which of all regularizers help, and how strong'],
    ['run recipe.json --backend webgl', 'one recipe, in a browser without a window'],
    ['lesson l2', 'what one regularizer does, by numbers and a picture'],
    ['web', 'the page'],
  ],
  compare: [
    ['compare --data moons --seeds 10', 'the usual regularizers, on points in the plane'],
    ['compare --data mnist --only l2,dropout', 'two of them, on digits'],
    ['compare --data my.csv --target species', "on a table of one's own"],
    ['compare recipe.json --out results/mine', 'those of a recipe'],
    ['compare --resume', 'goes on with what was interrupted'],
  ],
  search: [
    ['search --data glyphs --minutes 10', 'all that suit drawn letters and a multilayer perceptron'],
    ['search --data mnist --train 1000 --label-noise 0.2', 'where a fifth of the labels are wrong'],
    ['search --data my.csv --target species', "on a table of one's own"],
    ['search recipe.json --without ensembles --trials 300', 'on the data and the model of a recipe'],
    ['search --resume', 'goes on with what was interrupted, or shares its work'],
    ['search --queue redis://host:6379', 'has other machines train: see lab worker'],
  ],
  worker: [
    ['worker --queue redis://host:6379', 'trains for lab search --queue redis://host:6379'],
    ['worker --queue rediss://me:secret@host:6380 --workers 2', 'two trials at once'],
  ],
  run: [
    ['run recipe.json', 'trains it, and writes a report into results'],
    ['run recipe.json --save my-model', 'writes the trained model, too'],
    ['run --data my.csv --target species', "what suits a table of one's own"],
    ['run recipe.json --seed 7 --backend cpu', 'with another seed, in plain JavaScript'],
    ['run recipe.json --resume', 'goes on with what was interrupted'],
  ],
  lesson: [
    ['lesson l2', 'what is measured beside what is expected'],
    ['lesson l2 --value 1 --seed 3', 'of another strength, from other weights'],
    ['lesson --all --out lessons', 'all of them'],
  ],
  code: [
    ['code recipe.json --out train.ts', 'the program, and its data in train-data'],
    ['code recipe.json', 'prints the program'],
  ],
  web: [
    ['web --port 8080', 'at http://127.0.0.1:8080/'],
    ['web --plugin ./shake.js', "with somebody else's regularizers"],
  ],
  list: [['list --plugin ./shake.js', 'those of a plugin, too']],
  schema: [['schema > recipe.schema.json', 'for an editor']],
} satisfies Readonly<Record<string, Examples>>;

/** Examples as a person would type them, who started the program by these words. */
function examplesText({words, command}: Program, list: Examples): string {
  // Of `npm start` only one command is meant.
  const program = command === undefined ? words.join(' ') : 'lab';
  const lines = list.map(([rest, what]) => [`${program} ${rest}`, what] as const);
  const width = Math.max(...lines.map(([line]) => line.length));
  const text = lines.map(([line, what]) => `  ${line.padEnd(width)}  # ${what}`);
  return `\nExamples:\n${text.join('\n')}\n`;
}

/** Adds what says, in place of a recipe or to change one, what is trained on what. */
const addRecipeOptions = (command: Command): Command =>
  addDataOptions(command)
    .option('--model <name>', `one of ${modelNames.join(', ')} (default: what suits the data)`)
    .option('--epochs <n>', 'epochs of each run', integer(1))
    .option('--batch-size <n>', 'examples in a batch', integer(1));

/** What `--plugin` names. */
interface WithPlugins {
  readonly plugin: readonly string[];
}

type Loaded = Required<Pick<Sources, 'plugins'>>;

function makeProgram(
  command: GivenCommand,
  terminal: Terminal,
  sources: Sources,
  done: (code: number) => void,
): Command {
  const {stdout, stderr} = terminal;
  const program = new Command('lab')
    .description(
      'Trains models with and without regularizers, and shows what each one did to the test error.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(printable(text)),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    });
  const backend = new Option('--backend <name>', 'where to train; auto is native where it is set up')
    .choices(backendNames)
    .default('auto');
  const resume = new Option('--resume', 'go on with what was interrupted').conflicts('restart');
  const restart = new Option('--restart', 'give up what was interrupted, and begin anew');
  const plugin = new Option(
    '--plugin <package>',
    "somebody else's package, or a file; may be given again. It runs with your rights: load what you trust",
  )
    .argParser((word: string, before: readonly string[]) => [...before, word])
    .default([], 'none');
  const withPlugins = async ({plugin: words}: WithPlugins): Promise<Sources & Loaded> => ({
    ...sources,
    plugins: [...(sources.plugins ?? []), ...(await loadPlugins(words, process.cwd()))],
  });
  const out = new Option('--out <folder>', 'where results go')
    .argParser(filled('the path of a folder'))
    .default('results');

  const addWorkers = (command: Command): Command =>
    command
      .addOption(
        new Option('--workers <n>', 'processes that train (default: one for each core, as memory allows)')
          .argParser(integer(1, 1024))
          .conflicts('queue'),
      )
      .option('--queue <address>', 'a Redis or Valkey server whose workers train: redis://host:6379');

  addWorkers(addRecipeOptions(program.command('compare')))
    .description(
      'baseline, each regularizer alone, several together, over several seeds, with a verdict for each',
    )
    .argument(
      '[recipe]',
      'a JSON file; its regularizers are compared, or the usual ones if it has none',
      filled('the path of a JSON file'),
    )
    .option('--seeds <n>', 'runs of each recipe', integer(1, 1000))
    .option('--only <names>', 'some of the usual regularizers, or any other by name: l2,dropout', words)
    .option('--name <name>', 'what the result files are called', filled('a name'))
    .addOption(resume)
    .addOption(restart)
    .addOption(backend)
    .addOption(out)
    .addOption(plugin)
    .action(async (file: string | undefined, options: CompareCommandOptions & WithPlugins) => {
      done(await compareCommand(file, options, command, terminal, await withPlugins(options)));
    });

  addWorkers(addRecipeOptions(program.command('search')))
    .description('which regularizers help, how strong, and how sure that is')
    .argument(
      '[recipe]',
      'a JSON file: data, model and settings to begin with; its regularizers do not count',
      filled('the path of a JSON file'),
    )
    .option('--minutes <n>', 'minutes in all (default: 10, unless --trials is given)', number(0))
    .option('--trials <n>', "trainings, the report's on top", integer(10))
    .option('--only <names>', 'some of the regularizers or families, by name: augmentation,dropout', words)
    .option('--without <names>', 'all but these regularizers or families', words)
    .option(
      '--save <folder>',
      'train the winner, and write it there, as tf.loadLayersModel reads it',
      filled('the path of a folder'),
    )
    .option(
      '--code <file>',
      'write the TypeScript there that trains the winner without the lab, and its data beside it',
      filled('the path of a TypeScript file'),
    )
    .option('--seed <n>', 'of all that is drawn', integer(0, 2 ** 31 - 1))
    .option('--name <name>', 'what the result files are called', filled('a name'))
    .addOption(
      new Option('--resume', 'go on with what was interrupted, or share the work of a running one').conflicts(
        'restart',
      ),
    )
    .addOption(restart)
    .addOption(backend)
    .addOption(out)
    .addOption(plugin)
    .action(async (file: string | undefined, options: SearchCommandOptions & WithPlugins) => {
      done(await searchCommand(file, options, command, terminal, await withPlugins(options)));
    });

  addRecipeOptions(program.command('run'))
    .description('one recipe')
    .argument('[recipe]', 'a JSON file; without one, what suits --data', filled('the path of a JSON file'))
    .option('--seed <n>', "in place of the recipe's", integer(0))
    .option(
      '--save <folder>',
      'write the trained model there, as tf.loadLayersModel reads it',
      filled('the path of a folder'),
    )
    .option('--save-every <seconds>', 'between checkpoints, at the least; 0 for each epoch', integer(0), 10)
    .addOption(resume)
    .addOption(restart)
    .addOption(backend)
    .addOption(out)
    .addOption(plugin)
    .action(async (file: string | undefined, options: RunCommandOptions & WithPlugins) => {
      done(await runCommand(file, options, command, terminal, await withPlugins(options)));
    });

  program
    .command('lesson')
    .description(
      'trains one claim about a regularizer, and shows what is measured beside what is expected, as numbers and a picture',
    )
    .argument('[name]', `one of ${lessons.map(({name}) => name).join(', ')}`)
    .option('--value <x>', 'where its slider stands (default: where it stands at first)', anyNumber)
    .option('--seed <n>', 'of weights, batches and draws', integer(0, 2 ** 31 - 1), 0)
    .addOption(new Option('--all', 'every lesson, where its slider stands at first').conflicts('value'))
    .addOption(
      new Option('--backend <name>', 'where to train; auto is native where it is set up, else cpu')
        .choices(lessonBackends)
        .default('auto'),
    )
    .addOption(out)
    .action(async (name: string | undefined, options: LessonCommandOptions) => {
      done(await lessonCommand(name, options, terminal, sources));
    });

  addDataOptions(
    program
      .command('code')
      .description('the TypeScript that trains a recipe, or a default model on data, without the lab')
      .argument('[recipe]', 'a JSON file', filled('the path of a JSON file')),
  )
    .option(
      '--out <file>',
      'where the program goes, its data beside it; without, it is printed',
      filled('the path of a TypeScript file'),
    )
    .addOption(
      new Option('--backend <name>', 'what the program trains on; auto is native where it is set up')
        .choices(['auto', ...codeBackends])
        .default('auto'),
    )
    .addOption(plugin)
    .action(async (file: string | undefined, options: CodeCommandOptions & WithPlugins) => {
      done(await codeCommand(file, options, terminal, await withPlugins(options)));
    });

  program
    .command('web')
    .description('serves the page: data, model and regularizers to choose, trained in the browser')
    .option('--port <n>', 'where it listens (default: any that is free)', integer(1, 65_535))
    .addOption(plugin)
    .action(async (options: WebCommandOptions & WithPlugins) => {
      done(await webCommand(options, terminal, await withPlugins(options)));
    });

  program
    .command('worker')
    .description('trains for searches that run elsewhere, on any number of machines')
    .requiredOption('--queue <address>', 'of the Redis or Valkey server that they share: redis://host:6379')
    .option(
      '--workers <n>',
      'trials at once (default: one for each core, as memory allows)',
      integer(1, 1024),
    )
    .addOption(plugin)
    .action(async (options: WorkerCommandOptions & WithPlugins) => {
      done(await workerCommand(options, terminal, await withPlugins(options)));
    });

  program
    .command('trainer', {hidden: true})
    .addOption(plugin)
    .action(async (options: WithPlugins) => {
      await trainerCommand(await withPlugins(options), terminal.signal, process);
    });

  program
    .command('list')
    .description('what recipes can be made from: data, models, optimizers, regularizers, and their options')
    .addOption(plugin)
    .action(async (options: WithPlugins) => {
      stdout.write(`${printable(listText((await withPlugins(options)).plugins))}\n`);
    });

  program
    .command('schema')
    .description('the JSON Schema of recipes, for editors and for programs that write recipes')
    .addOption(plugin)
    .action(async (options: WithPlugins) => {
      const schema = recipeJsonSchema((await withPlugins(options)).plugins);
      stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
  return program;
}
