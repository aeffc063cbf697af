import type {SentError} from '../../sent-error.ts';

/** Pictures of one class, as they were taken. */
export interface WebcamClass {
  readonly id: number;
  readonly name: string;
  readonly pictures: readonly Blob[];
}

/** The camera, and what was taken with it. */
export interface WebcamState {
  /** Undefined until the browser has asked the user, and where it was refused. */
  readonly stream: MediaStream | undefined;
  readonly classes: readonly WebcamClass[];
  /** The class whose button is held. */
  readonly recording: number | undefined;
  readonly failure: SentError | undefined;
}

/** Each class needs some to train on, to validate and to test with. */
const fewestPictures = 10;

/** Why the classes are no data yet, as a sentence; undefined where they are. */
export function whyNotUsed(classes: readonly WebcamClass[]): string | undefined {
  const names = classes.map(({name}) => name.trim());
  if (classes.length < 2) return 'Two classes at least are told apart.';
  if (names.some((name) => name === '' || /^\.|[/\\]/.test(name))) {
    return 'Each class needs a name, without a slash in it or a dot before it.';
  }
  if (new Set(names).size < names.length) return 'Two classes have the same name.';
  const few = classes.find(({pictures}) => pictures.length < fewestPictures);
  return few && `Hold the button of ${few.name.trim()} for ${fewestPictures} pictures at least.`;
}
