import {sendError} from '../../sent-error.ts';
import type {CameraActions} from '../actions.ts';
import {openCamera, pictureOf, stopCamera} from '../own/camera.ts';
import type {Store} from '../state.ts';
import type {CameraState} from './camera-state.ts';

const betweenPictures = 250; // milliseconds

/** Takes a picture now and then, for the models that are shown to answer. */
export function cameraControl(store: Store): CameraActions {
  let timer: ReturnType<typeof setInterval> | undefined;
  let isTaking = false;
  const change = (next: Partial<CameraState>): void => {
    const {camera} = store.get();
    if (camera) store.set({camera: {...camera, ...next}});
  };

  async function take(): Promise<void> {
    const video = document.querySelector<HTMLVideoElement>('#asked-video');
    if (!video || video.videoWidth === 0 || isTaking) return;
    isTaking = true;
    const photo = await pictureOf(video).finally(() => {
      isTaking = false;
    });
    change({photo, taken: (store.get().camera?.taken ?? 0) + 1});
  }

  return {
    open() {
      if (store.get().camera) return;
      store.set({
        camera: {stream: undefined, failure: undefined, photo: undefined, taken: 0},
        drawn: undefined,
      });
      timer = setInterval(() => void take(), betweenPictures);
      openCamera().then(
        (stream) => {
          if (store.get().camera) change({stream});
          else stopCamera(stream);
        },
        (error) => change({failure: sendError(error)}),
      );
    },
    close() {
      clearInterval(timer);
      stopCamera(store.get().camera?.stream);
      store.set({camera: undefined, drawn: undefined});
    },
  };
}
