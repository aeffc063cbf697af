import type {SentError} from '../../sent-error.ts';

/** The camera that models are asked about. */
export interface CameraState {
  /** Undefined until the browser has asked the user, and where it was refused. */
  readonly stream: MediaStream | undefined;
  readonly failure: SentError | undefined;
  /** The last picture, and how many were taken. */
  readonly photo: Blob | undefined;
  readonly taken: number;
}
