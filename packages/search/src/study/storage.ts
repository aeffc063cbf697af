/**
 * Where a study is kept: a text that only grows. In Node `studyFile` of `@regularizers/search/node` has it as a file; a page
 * may keep it in IndexedDB, and a search that is given none in memory.
 */
export interface StudyStorage {
  /** All that was appended so far, by whomever; a text that was not written to its end may be cut short. */
  read(): Promise<string>;
  /** Adds a text at the end, in one piece. When it resolves, the text is there for good. */
  append(text: string): Promise<void>;
  /** Who this is, as one word that no other process has or had. */
  readonly owner: string;
  /** Whether one that appended something, by its `owner`, still works. */
  isAlive(owner: string): boolean;
}

/** A study that ends with the process, or the page. */
export function memoryStudy(): StudyStorage {
  let text = '';
  return {
    owner: 'here',
    read: async () => text,
    append: async (more) => {
      text += more;
    },
    isAlive: () => true,
  };
}

/** Whether a value can keep a study. */
export function isStorage(value: unknown): boolean {
  const {read, append, owner, isAlive} = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<StudyStorage>;
  return [read, append, isAlive].every((one) => typeof one === 'function') && typeof owner === 'string';
}
