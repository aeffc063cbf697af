import {sendError} from '../../sent-error.ts';
import type {Actions, WebcamActions} from '../actions.ts';
import type {Store} from '../state.ts';
import {openCamera, pictureOf, stopCamera} from './camera.ts';
import {type WebcamClass, type WebcamState, whyNotUsed} from './webcam-state.ts';

const betweenPictures = 100; // milliseconds
const mostPictures = 2000; // of a class

/** Takes pictures per class with the camera, while a button is held. */
export function webcamControl(store: Store, keepFiles: Actions['keepFiles']): WebcamActions {
  let lastId = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  let isTaking = false;
  const get = (): WebcamState | undefined => store.get().webcam;
  const change = (next: Partial<WebcamState>): void => {
    const now = get();
    if (now) store.set({webcam: {...now, ...next}});
  };
  const newClass = (): WebcamClass => ({id: ++lastId, name: `class ${lastId}`, pictures: []});
  const withClass = (id: number, edit: (one: WebcamClass) => WebcamClass): readonly WebcamClass[] =>
    (get()?.classes ?? []).map((one) => (one.id === id ? edit(one) : one));

  async function ask(): Promise<void> {
    try {
      const stream = await openCamera();
      if (get()) change({stream, failure: undefined});
      else stopCamera(stream);
    } catch (error) {
      change({failure: sendError(error)});
    }
  }

  function letGo(): void {
    clearInterval(timer);
    timer = undefined;
    if (get()?.recording !== undefined) change({recording: undefined});
  }

  async function takePicture(id: number): Promise<void> {
    const video = document.querySelector<HTMLVideoElement>('#webcam-video');
    // One after the other: a slow machine takes fewer, and none after the button was let go.
    if (!video || video.videoWidth === 0 || isTaking) return;
    isTaking = true;
    const picture = await pictureOf(video).finally(() => {
      isTaking = false;
    });
    change({
      classes: withClass(id, (one) =>
        one.pictures.length < mostPictures ? {...one, pictures: [...one.pictures, picture]} : one,
      ),
    });
  }

  function close(): void {
    letGo();
    stopCamera(get()?.stream);
    store.set({webcam: undefined});
  }

  return {
    open() {
      if (get()) return;
      lastId = 0;
      store.set({
        webcam: {
          stream: undefined,
          classes: [newClass(), newClass()],
          recording: undefined,
          failure: undefined,
        },
      });
      void ask();
    },
    close,
    addClass: () => change({classes: [...(get()?.classes ?? []), newClass()]}),
    removeClass: (id) => change({classes: (get()?.classes ?? []).filter((one) => one.id !== id)}),
    rename: (id, name) => change({classes: withClass(id, (one) => ({...one, name}))}),
    hold(id) {
      if (!get()?.stream || timer !== undefined) return;
      change({recording: id});
      void takePicture(id);
      timer = setInterval(() => void takePicture(id), betweenPictures);
    },
    letGo,
    use() {
      const {classes = []} = get() ?? {};
      if (whyNotUsed(classes) !== undefined) return;
      keepFiles(
        classes.flatMap(({name, pictures}) =>
          pictures.map((picture, at) => {
            const file = `${String(at + 1).padStart(4, '0')}.png`;
            return {path: `webcam/${name.trim()}/${file}`, file: new File([picture], file)};
          }),
        ),
      );
      close();
    },
  };
}
