import {RegularizerError} from '@regularizers/core';

/** Width and height of a picture that is taken: some larger than what is trained on. */
const pictureSide = 96;

/**
 * Asks for the camera.
 *
 * @throws RegularizerError with code `no-camera`, which says what to do
 */
export async function openCamera(): Promise<MediaStream> {
  try {
    if (!navigator.mediaDevices)
      throw noCamera(
        'the browser gives no camera to a page from such an address',
        'Have the page from an address that begins with https:// or http://localhost.',
      );
    return await navigator.mediaDevices.getUserMedia({video: {width: {ideal: 320}, height: {ideal: 240}}});
  } catch (error) {
    throw refusal(error);
  }
}

/** The middle of what the camera sees, as in a mirror: so people expect it. */
export async function pictureOf(video: HTMLVideoElement): Promise<Blob> {
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

/** Ends it: its light goes out. */
export function stopCamera(stream: MediaStream | undefined): void {
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
