import {firstRecipe} from '../examples/first-recipe.ts';
import {lessons} from '../examples/lessons/index.ts';
import {parseRecipe, readRecipe} from '../recipe.ts';
import type {Actions} from './actions.ts';
import {type Draft, toDraft, toRecipeJson, withCard, withKind, withoutCard, withTechnique} from './draft.ts';
import {createAsking} from './drawing/asking.ts';
import {cameraControl} from './drawing/camera-control.ts';
import {emptyDrawing} from './drawing/drawing.ts';
import {withValue} from './fields/value.ts';
import {lessonControl} from './lessons/control.ts';
import {lessonIn} from './lessons/open-lesson.ts';
import {ownControl} from './own/own-control.ts';
import {webcamControl} from './own/webcam.ts';
import {plugins} from './plugins.ts';
import {problemOf, sentProblem} from './problem.ts';
import {runControl} from './run-control.ts';
import {searchControl} from './search/search-control.ts';
import {download, fromHash, toHash} from './share.ts';
import {createStore, type PageState, type Store} from './state.ts';
import {takeAway} from './take-away/take-away.ts';
import {remembering, undone} from './undo.ts';
import {misfitFinder, planner, workerClient} from './worker/client.ts';
import type {News} from './worker/protocol.ts';

/** The page without its looks: state, and what changes it. */
export function createController(onChange: () => void): {readonly store: Store; readonly actions: Actions} {
  const store = createStore(firstState(), () => {
    asking.follow();
    onChange();
  });
  const change = (next: Partial<PageState>): void => store.set(next);
  const planning = workerClient('planner', onPlan);
  const plans = planner(planning);
  const suits = misfitFinder(planning, () => store.get().mnist);
  const asking = createAsking(store, planning);
  const {forget: forgetRuns, ...runs} = runControl(store);
  const {forget: forgetSearch, ...searches} = searchControl(store, (recipe) => actions.load(recipe));
  const taking = takeAway(store, (request) => planning.send(request));
  const own = ownControl(store, {
    edit: (edited, what) => actions.edit(edited, what),
    takeMnist(files) {
      change({mnist: {source: {from: 'files', files}, version: store.get().mnist.version + 1}});
      actions.edit((draft) => withKind(draft, 'data', 'mnist'), 'choosing MNIST');
      change({announcement: 'The four files of MNIST are chosen.'});
    },
    ask: (request) => planning.send(request),
    again: () => {
      // What was read before must not outlive its removal, in no worker.
      planning.end();
      asking.forget();
      forgetRuns();
      forgetSearch();
      check(store.get().draft);
    },
  });
  const lessonsOpened = lessonControl(store);

  function onPlan(news: News): void {
    asking.hear(news);
    const {draft} = store.get();
    own.hear(news);
    taking.hear(news);
    if (news.type === 'failed') change({problem: sentProblem(news.error, draft), plan: undefined});
    if (news.type === 'misfits') change({misfits: news.misfits});
    if (news.type === 'planned' && plans.answered(news.id)) {
      const {recipe} = store.get();
      change({plan: news.plan, planned: recipe, problem: undefined});
      if (recipe) suits.ask(recipe);
    }
    if (news.type === 'refused' && plans.answered(news.id)) {
      change({problem: sentProblem(news.error, draft), plan: undefined});
    }
  }

  function check(draft: Draft): void {
    const {mnist} = store.get();
    const json = toRecipeJson(draft);
    try {
      const recipe = parseRecipe(json, plugins);
      const {problem} = store.get();
      // What a worker found stays until it says otherwise, unless it was about a recipe that didn't parse.
      change({draft, recipe, problem: store.get().recipe ? problem : undefined});
      plans.ask(recipe, mnist);
    } catch (error) {
      // An answer about the recipe before must not take this message away.
      plans.forget();
      change({draft, recipe: undefined, problem: problemOf(error, draft)});
    }
    history.replaceState(null, '', toHash(json));
  }

  const actions: Actions = {
    edit(edited, what = 'the last change') {
      const {draft, past, own: mine} = store.get();
      change({
        past: remembering(past, {what, draft}),
        taken: undefined,
        own: {...mine, refusal: undefined},
      });
      check(edited(draft));
    },
    addTechnique(name) {
      const {misfits, recipe} = store.get();
      const why = misfits.get(name);
      if (why === undefined) actions.edit((draft) => withTechnique(draft, name, recipe));
      else change({announcement: `${name} cannot be added: ${why}.`});
    },
    removeCard({id}, called) {
      actions.edit((draft) => withoutCard(draft, id), `the removal of ${called}`);
      change({announcement: `${called} is removed.`});
    },
    setOption: (part, {key, label}, value) =>
      actions.edit(
        (draft) => ({...draft, [part]: withValue(draft[part], key, value)}),
        `the change of ${label}`,
      ),
    setCardOption: ({id}, {key, label}, value) =>
      actions.edit(
        (draft) => withCard(draft, id, (card) => ({...card, options: withValue(card.options, key, value)})),
        `the change of ${label}`,
      ),
    setMnist(source) {
      change({mnist: {source, version: store.get().mnist.version + 1}, plan: undefined});
      check(store.get().draft);
    },
    load: (recipe) => actions.edit(() => toDraft(recipe), 'loading a recipe'),
    openInLab() {
      const {lesson, value} = store.get().lesson ?? {};
      if (!lesson) return;
      const pair = [lesson.baseline, lesson.recipe(Number(value))];
      lessonsOpened.closeLesson();
      for (const recipe of pair) actions.load(recipe);
      runs.trainAll(pair);
    },
    openAddress() {
      const {draft} = store.get();
      const {hash} = location;
      const name = lessonIn(hash) ?? (hash.length > 1 ? undefined : lessons[0]?.name);
      if (name !== undefined) {
        void lessonsOpened.openLesson(name);
        return;
      }
      lessonsOpened.closeLesson();
      try {
        const recipe = fromHash(hash, plugins);
        check(recipe ? toDraft(recipe) : draft);
      } catch (error) {
        check(draft);
        change({failure: problemOf(error, draft).error});
      }
    },
    async importFile(file) {
      const {draft} = store.get();
      try {
        actions.load(readRecipe(await file.text(), file.name, plugins));
        change({failure: undefined, announcement: `${file.name} is loaded.`});
      } catch (error) {
        change({failure: problemOf(error, draft).error});
      }
    },
    exportFile() {
      const {recipe} = store.get();
      if (recipe) download(recipe);
    },
    chooseBackend: (backendChoice) => change({backendChoice}),
    light: (key) => change({lit: key}),
    undo() {
      const {past} = store.get();
      const {draft, ...rest} = undone(store.get());
      change({
        ...rest,
        announcement: past.length > 0 ? `Undid ${past.at(-1)?.what}.` : 'There is nothing to undo.',
      });
      if (draft) check(draft);
    },
    setLogarithmic: (logarithmic) => change({logarithmic}),
    dismissFailure: () => change({failure: undefined}),
    draw: asking.move,
    ...lessonsOpened,
    ...runs,
    ...own.actions,
    webcam: webcamControl(store, own.actions.keepFiles),
    camera: cameraControl(store),
    ...taking.actions,
    ...searches,
  };
  return {store, actions};
}

function firstState(): PageState {
  const recipe = parseRecipe(firstRecipe);
  return {
    lesson: undefined,
    draft: toDraft(recipe),
    recipe,
    problem: undefined,
    plan: undefined,
    planned: undefined,
    misfits: new Map(),
    mnist: {version: 0, source: undefined},
    webcam: undefined,
    own: {kept: [], reading: undefined, refusal: undefined},
    running: undefined,
    failure: undefined,
    runs: [],
    saved: new Map(),
    search: {minutes: 5, running: undefined, found: undefined},
    taken: undefined,
    backend: undefined,
    speeds: [],
    backendChoice: undefined,
    pinned: undefined,
    lit: undefined,
    past: [],
    notKept: undefined,
    logarithmic: false,
    camera: undefined,
    drawing: emptyDrawing,
    drawn: undefined,
    models: new Map(),
    announcement: '',
  };
}
