import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The backend that a suite runs on, known before it is set up. */
    backend: string;
  }
}
