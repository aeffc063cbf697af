import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** What properties are drawn by. */
    seed: number;
    /** The backend that a suite runs on, known before it is set up. */
    backend: string;
    /** Of the browser's suites, which see no environment variables: whether to take the whole for a sample. */
    thorough?: boolean;
  }
}
