import {lessonNamed} from '../../examples/lessons/index.ts';
import type {LessonResult} from '../../examples/lessons/lesson.ts';
import {verdictOf} from '../../examples/lessons/text.ts';
import {sendError} from '../../sent-error.ts';
import type {LessonActions} from '../actions.ts';
import type {Store} from '../state.ts';
import {workerClient} from '../worker/client.ts';
import type {News} from '../worker/protocol.ts';
import type {OpenLesson} from './open-lesson.ts';

/** Opens lessons, each when it is wanted, and trains them in a worker of their own. */
export function lessonControl(store: Store): LessonActions {
  const worker = workerClient('lesson', onNews);

  const change = (next: Partial<OpenLesson>): void => {
    const {lesson} = store.get();
    if (lesson) store.set({lesson: {...lesson, ...next}});
  };

  function onNews(news: News): void {
    const {training} = store.get().lesson ?? {};
    if (!training) return;
    if (news.type === 'lesson-progress') change({training: {...training, ...news.progress}});
    if (news.type === 'lesson-done') void show(news.result);
    if (news.type === 'lesson-stopped') end('Stopped: these are the numbers from before.');
    if (news.type === 'failed') {
      change({failure: news.error});
      end('The lesson could not be trained.');
    }
  }

  function end(announcement: string): void {
    change({training: undefined});
    store.set({announcement});
  }

  async function show(result: LessonResult): Promise<void> {
    const pictures = await drawn(result);
    // Another one may have been opened meanwhile.
    if (store.get().lesson?.name !== result.lesson) return;
    change({result, pictures});
    const title = store.get().lesson?.lesson?.title ?? result.lesson;
    end(`${title}: trained with ${result.value}. ${verdictOf(result)}`);
  }

  return {
    async openLesson(name) {
      if (store.get().lesson?.name === name) return;
      worker.end();
      const none = {lesson: undefined, value: undefined, wrong: undefined, result: undefined, pictures: []};
      store.set({lesson: {name, ...none, training: undefined, failure: undefined}});
      try {
        const entry = lessonNamed(name);
        const [lesson, result] = await Promise.all([entry.load(), entry.trained()]);
        const pictures = await drawn(result);
        if (store.get().lesson?.name === name) change({lesson, value: result.value, result, pictures});
      } catch (error) {
        if (store.get().lesson?.name === name) change({failure: sendError(error)});
      }
    },
    closeLesson() {
      worker.end();
      store.set({lesson: undefined});
    },
    setLessonValue(value) {
      const {lesson} = store.get().lesson ?? {};
      let wrong: string | undefined;
      try {
        // What is no number is said to be none, too.
        lesson?.check(Number(value));
      } catch (error) {
        wrong = sendError(error).message;
      }
      change({value, wrong});
    },
    trainLesson() {
      const {name, wrong, value, training} = store.get().lesson ?? {};
      if (name === undefined || training) return;
      if (wrong !== undefined) {
        store.set({announcement: `Nothing is trained: ${wrong}.`});
        return;
      }
      change({training: {done: 0, words: 'Preparing …', stopping: false}, failure: undefined});
      store.set({announcement: 'Training starts.'});
      worker.send({type: 'lesson', name, value: Number(value)});
    },
    stopLesson() {
      const {training} = store.get().lesson ?? {};
      if (!training) return;
      if (training.stopping) {
        worker.end();
        end('The training was cut off.');
        return;
      }
      worker.send({type: 'abort'});
      change({training: {...training, stopping: true}});
    },
  };
}

/** As on the command line; the page has the style of pictures itself. */
async function drawn({pictures}: LessonResult): Promise<readonly string[]> {
  const [{pictureSvg}, {adoptChartStyle}] = await Promise.all([
    import('../../report/picture-svg.ts'),
    import('./chart-style.ts'),
  ]);
  adoptChartStyle();
  return pictures.map((picture) => pictureSvg(picture, {styled: false}));
}
