// Trains and checks recipes off the page's thread. The page starts this file twice: one worker trains on WebGL, the
// other one checks recipes on cpu as they are typed, so that neither waits for the other.
import '../no-eval.ts';
import type {EpochReport} from '@regularizers/core';
import {bundledPlugins} from '../../bundled-plugins.ts';
import {type DataLoaders, makeData} from '../../data/catalog.ts';
import type {DataSet} from '../../data/data-set.ts';
import {mnist} from '../../data/mnist.ts';
import type {LoadOwn} from '../../data/own/own-data.ts';
import {sizeOfData} from '../../data/size.ts';
import {lessonNamed} from '../../examples/lessons/index.ts';
import {lookAt, lookAtEnd, picturesOf} from '../../looks/look-at.ts';
import {checkPlanSize} from '../../plan-size.ts';
import {importPlugins} from '../../plugins.ts';
import type {Recipe} from '../../recipe.ts';
import {dataFor, previewRecipe, runRecipe} from '../../run.ts';
import {localRunner} from '../../runner.ts';
import {sendError} from '../../sent-error.ts';
import {backendText} from '../backend-text.ts';
import {type InkStyle, inked, inkStyleOf, type PictureShape} from '../drawing/ink.ts';
import {photographed} from '../own/photographed.ts';
import {thinned} from '../runs/thinned.ts';
import {createAskable} from './ask.ts';
import {createBackends, type OpenBackend} from './backend.ts';
import {fastestOf} from './fastest.ts';
import {fedTo} from './fed.ts';
import {fingerprintOf} from './fingerprint.ts';
import {candidatesOf, stepsOf, stepsPerSecond} from './measure.ts';
import {misfitsOf} from './misfits.ts';
import {readMnistSource} from './mnist-source.ts';
import type {BackendName, MnistRequest, News, Request, Speed} from './protocol.ts';
import {sampleOf} from './sample.ts';

const lookInterval = 400; // milliseconds between two looks at the model
const mostFed = 16; // pictures that are shown before and after their augmentation
const newsInterval = 100; // milliseconds between reports of progress

const page = globalThis as unknown as {
  postMessage(news: News): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Request>) => void): void;
};
const tell = (news: News): void => page.postMessage(news);

// Not awaited here: messages that come meanwhile would be lost.
const plugins = importPlugins(bundledPlugins);
// A worker whose graphics card is taken away is of no more use, also to a run to come.
const backends = createBackends(() => tell({type: 'lost'}));
/** What was measured, by what it depends on. */
const measured = new Map<string, {readonly name: BackendName; readonly speeds: readonly Speed[]}>();
const askable = createAskable(plugins);
/** What is drawn while a model trains. */
let toAnswer: Float32Array | undefined;
let controller = new AbortController();
let latest: {readonly key: string; readonly data: Promise<DataSet>} | undefined;

page.addEventListener('message', ({data: request}) => {
  if (request.type === 'abort') controller.abort();
  else if (request.type === 'plan') void plan(request);
  else if (request.type === 'lesson') void teach(request);
  else if (request.type === 'misfits') void findMisfits(request);
  else if (request.type === 'know') askable.know(request.run, request, dataOf(request.recipe, request.mnist));
  else if (request.type === 'draw') void answerTo(request);
  else if (request.type === 'show') toAnswer = request.picture;
  else if (request.type === 'keep') void keep(request);
  else if (request.type === 'code') void writeCode(request);
  else if (request.type === 'search') void search(request);
  else void run(request);
});

async function plan({id, recipe, mnist}: Request & {type: 'plan'}): Promise<void> {
  try {
    await backends.use('cpu');
    const data = await dataOf(recipe, mnist);
    const {train, validation, test} = data;
    tell({
      type: 'planned',
      id,
      plan: {
        ...previewRecipe(recipe, {data, plugins: await plugins}),
        description: data.description,
        sizes: {train: train.size, validation: validation.size, test: test.size},
        ...(data.encoding ? {encoding: data.encoding} : {}),
        sample: sampleOf(
          data,
          data.inputShape.length === 3 ? await fedTo(recipe, data, mostFed, await plugins) : undefined,
        ),
      },
    });
  } catch (error) {
    tell({type: 'refused', id, error: sendError(error)});
  }
}

/** Lessons are small, and their numbers are those of plain JavaScript, which has every gradient. */
async function teach({name, value}: Request & {type: 'lesson'}): Promise<void> {
  controller = new AbortController();
  const {signal} = controller;
  let last = 0;
  try {
    await backends.use('cpu');
    const lesson = await lessonNamed(name).load();
    const result = await lesson.run(value, {
      signal,
      onProgress: (done, words) => {
        if (performance.now() - last < newsInterval) return;
        last = performance.now();
        tell({type: 'lesson-progress', progress: {done, words}});
      },
    });
    tell({type: 'lesson-done', result});
  } catch (error) {
    tell(signal.aborted ? {type: 'lesson-stopped'} : {type: 'failed', error: sendError(error)});
  }
}

/** How pictures of data are drawn, by the data's recipe. */
const styles = new Map<string, {readonly style: InkStyle; readonly shape: PictureShape}>();

async function answerTo({id, given, recipe, mnist, runs}: Request & {type: 'draw'}): Promise<void> {
  try {
    await backends.use('cpu');
    const key = JSON.stringify([recipe.data, mnist.version]);
    const {style, shape} = styles.get(key) ?? styleOf(await dataOf(recipe, mnist));
    styles.set(key, {style, shape});
    const picture =
      'photo' in given ? await photographed(given.photo, shape) : inked(given.strokes, style, shape);
    const answers = new Map<string, Float32Array>();
    for (const run of runs) {
      const answer = await askable.answer(run, picture);
      if (answer) answers.set(run, answer);
    }
    tell({type: 'drawn', id, picture, answers, error: undefined});
  } catch (error) {
    tell({type: 'drawn', id, picture: undefined, answers: new Map(), error: sendError(error)});
  }
}

function styleOf({inputShape, train}: DataSet): {readonly style: InkStyle; readonly shape: PictureShape} {
  const [height = 1, width = 1, channels = 1] = inputShape;
  const shape: PictureShape = [height, width, channels];
  return {style: inkStyleOf(train.x, shape), shape};
}

async function keep({given}: Request & {type: 'keep'}): Promise<void> {
  try {
    const {keepGiven} = await import('../own/keep.ts');
    tell({type: 'kept', data: await keepGiven(given)});
  } catch (error) {
    tell({type: 'not-kept', error: sendError(error)});
  }
}

async function writeCode({id, recipe, mnist, withData}: Request & {type: 'code'}): Promise<void> {
  try {
    const {programFor} = await import('./program.ts');
    await backends.use('cpu'); // a model is built on some backend
    const program = await programFor(recipe, await dataOf(recipe, mnist), {plugins: await plugins, withData});
    tell({type: 'code', id, program});
  } catch (error) {
    tell({type: 'no-code', id, error: sendError(error)});
  }
}

async function search({recipe, minutes, mnist, backend: asked}: Request & {type: 'search'}): Promise<void> {
  controller = new AbortController();
  const {signal} = controller;
  try {
    const {searchBase, searchInPage} = await import('./search.ts');
    const base = await searchBase(recipe, own);
    const {backend} = await backendFor(
      {type: 'run', recipe: base, mnist, backend: asked},
      await dataOf(base, mnist),
      signal,
    );
    const {info, catchUp} = backend;
    let last = performance.now();
    const found = await searchInPage({
      base,
      minutes,
      signal,
      runner: localRunner(backendText(info), loadersFor(mnist), await plugins),
      onNews: (news) => tell({type: 'searching', news}),
      onStep: async () => {
        if (performance.now() - last < newsInterval) return;
        await catchUp();
        last = performance.now();
      },
    });
    tell({type: 'found', found});
  } catch (error) {
    if (signal.aborted) tell({type: 'search-ended'});
    else tell({type: 'failed', error: sendError(error)});
  }
}

let searches = 0;

/** A newer question ends an older one; plans are answered in between. */
async function findMisfits({recipe, mnist}: Request & {type: 'misfits'}): Promise<void> {
  const search = ++searches;
  const found = await misfitsOf(recipe, {
    data: await dataOf(recipe, mnist),
    plugins: await plugins,
    goesOn: () => search === searches,
  });
  if (found) tell({type: 'misfits', misfits: found});
}

async function run(request: Request & {type: 'run'}): Promise<void> {
  const {recipe, mnist} = request;
  controller = new AbortController();
  const {signal} = controller;
  try {
    tell({type: 'phase', phase: 'preparing'});
    const data = await dataOf(recipe, mnist);
    const {backend, speeds} = await backendFor(request, data, signal);
    const {info, catchUp} = backend;
    tell({type: 'backend', backend: info, speeds});
    tell({type: 'phase', phase: 'warming up'});
    const began = performance.now();
    let warmUp: number | undefined;
    let last = 0;
    let looked = 0;
    const seen = dataFor(recipe, data);
    const reports: EpochReport[] = [];
    const report = await runRecipe(recipe, {
      data,
      plugins: await plugins,
      signal,
      // Hundreds of thousands of epochs would fill this worker, and hold up the page that takes them in.
      thinHistory: thinned,
      onEpoch: (epoch) => reports.push(epoch),
      onTrained: (models) => tell({type: 'saved', models}),
      onTrainer: async (trainer, at) => {
        if (at === 'end') {
          tell({type: 'look', look: await lookAtEnd(trainer, seen)});
          if (picturesOf(seen)) tell({type: 'trained', checkpoint: await trainer.save()});
        } else if (performance.now() - looked > lookInterval) {
          const look = await lookAt(trainer, seen, toAnswer);
          if (Object.keys(look).length > 0) tell({type: 'look', look});
          looked = performance.now();
        }
      },
      // Steps are told to the card faster than it takes them. Waiting for it now and then keeps the report true, a
      // stop prompt, and the card free for the page in between.
      onProgress: async (progress) => {
        if (warmUp !== undefined && performance.now() - last < newsInterval) return;
        await catchUp();
        last = performance.now();
        if (warmUp === undefined) {
          warmUp = (last - began) / 1000;
          tell({type: 'phase', phase: 'training'});
        }
        tell({type: 'progress', progress});
        // A small model has hundreds of epochs a second: the page draws ten times in one.
        if (reports.length > 0) tell({type: 'epochs', reports: reports.splice(0)});
      },
    });
    tell({type: 'finished', report, warmUp, data: fingerprintOf(seen)});
  } catch (error) {
    tell({type: 'failed', error: sendError(error)});
  }
}

interface Chosen {
  readonly backend: OpenBackend;
  readonly speeds: readonly Speed[];
}

/** The backend that is asked for, or the fastest for such a recipe: measured once for all that differ in numbers only. */
async function backendFor(
  {recipe, backend: asked}: Request & {type: 'run'},
  data: DataSet,
  signal: AbortSignal,
): Promise<Chosen> {
  if (asked !== 'fastest') return {backend: await backends.use(asked), speeds: []};
  const {model, batchSize, optimizer, regularizers} = recipe;
  const techniques = regularizers.map(({name}) => name);
  const steps = stepsOf(recipe, data);
  const key = JSON.stringify([
    data.name,
    data.inputShape,
    model,
    batchSize,
    optimizer.name,
    techniques,
    steps,
  ]);
  const known = measured.get(key);
  if (known) return {backend: await backends.use(known.name), speeds: known.speeds};
  tell({type: 'phase', phase: 'measuring'});
  const options = {data, plugins: await plugins, signal};
  const names = candidatesOf(recipe, data);
  const found = await fastestOf(
    names,
    async (name) => {
      const opened = await backends.use(name).catch(() => undefined);
      // Software that plays a graphics card is slower than the processor that it runs on.
      const isPlayed = name === 'webgl' && opened?.info.software && names.length > 1;
      return opened && !isPlayed && !signal.aborted ? stepsPerSecond(recipe, opened, options) : undefined;
    },
    steps,
  );
  if (found && !signal.aborted) measured.set(key, found);
  // Where none could be measured, the run says why.
  return {backend: await backends.use(found?.name ?? 'cpu'), speeds: found?.speeds ?? []};
}

let loadOwn: Promise<LoadOwn> | undefined;
/** Loaded when it is needed: few pages read files. */
const own: LoadOwn = async (options) => {
  loadOwn ??= import('../own/load-kept.ts').then(({loadKept}) => loadKept());
  return (await loadOwn)(options);
};

const loadersFor = ({source}: MnistRequest): DataLoaders => ({
  mnist: async (options) => mnist(await readMnistSource(source), options),
  own,
});

/** The data of a recipe, kept for the next run on the same. */
async function dataOf(whole: Recipe, asked: MnistRequest): Promise<DataSet> {
  const {data: recipe} = whole;
  const {version} = asked;
  const key = JSON.stringify([recipe, recipe.name === 'mnist' ? version : 0]);
  if (latest?.key !== key) {
    latest = {key, data: makeData(recipe, loadersFor(asked))};
  }
  try {
    const data = await latest.data;
    checkPlanSize(whole, await plugins, sizeOfData(data)); // of files, the size is only known now
    return data;
  } catch (error) {
    latest = undefined;
    throw error;
  }
}
