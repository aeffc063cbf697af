import {RegularizerError} from '@regularizers/core';
import {sendError} from '../../sent-error.ts';
import type {Actions, WebcamActions} from '../actions.ts';
import type {Store} from '../state.ts';
import {type WebcamClass, type WebcamState, whyNotUsed} from './webcam-state.ts';

/** Width and height of a picture that is taken: some larger than what is trained on. */
const pictureSide = 96;
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
      if (!navigator.mediaDevices)
        throw noCamera(
          'the browser gives no camera to a page from such an address',
          'Have the page from an address that begins with https:// or http://localhost.',
        );
      const stream = await navigator.mediaDevices.getUserMedia({
        video: {width: {ideal: 320}, height: {ideal: 240}},
      });
      if (get()) change({stream, failure: undefined});
      else stop(stream);
    } catch (error) {
      change({failure: sendError(refusal(error))});
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
    const picture = await square(video).finally(() => {
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
    stop(get()?.stream);
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

/** The middle of what the camera sees, as in a mirror: so people expect it. */
async function square(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(pictureSide, pictureSide);
  const pen = canvas.getContext('2d', {willReadFrequently: true})!;
  const side = Math.min(video.videoWidth, video.videoHeight);
  pen.scale(-1, 1);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(
    video,
    (video.videoWidth - side) / 2,
    (video.videoHeight - side) / 2,
    side,
    side,
    -pictureSide,
    0,
    pictureSide,
    pictureSide,
  );
  return canvas.convertToBlob({type: 'image/png'});
}

function stop(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

const noCamera = (message: string, hint: string, cause?: unknown): RegularizerError =>
  new RegularizerError({where: 'camera', code: 'no-camera', message, hint, ...(cause ? {cause} : {})});

/** What the browser says, in words that say what to do. */
function refusal(error: unknown): unknown {
  if (RegularizerError.isInstance(error) || !(error instanceof Error)) return error;
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return noCamera(
        'the camera was refused to this page',
        'Allow it beside the address of the page, and try again. Pictures stay in this browser.',
        error,
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return noCamera('there is no camera', 'Connect one; or drop a folder of pictures.', error);
    case 'NotReadableError':
    case 'AbortError':
      return noCamera(
        'the camera does not start',
        'Another program may have it: close that, and try again.',
        error,
      );
    default:
      return noCamera(`the camera does not start: ${error.message}`, 'Or drop a folder of pictures.', error);
  }
}
