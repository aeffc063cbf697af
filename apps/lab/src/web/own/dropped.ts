/** A file as it was chosen or dropped, by its path within that. */
export interface GivenFile {
  readonly path: string;
  readonly file: File;
}

/** Files of an `<input>`; those of a folder have its name in their path. */
export const chosenFiles = (files: Iterable<File>): readonly GivenFile[] =>
  Array.from(files, (file) => ({path: file.webkitRelativePath || file.name, file}));

/** All that was dropped, folders with what is in them. To be called while the event is handled. */
export async function droppedFiles({items}: DataTransfer): Promise<readonly GivenFile[]> {
  const found = Array.from(items).map(async (item): Promise<readonly GivenFile[]> => {
    const entry = item.webkitGetAsEntry();
    if (entry) return within(entry, '');
    const file = item.getAsFile(); // of no file system, such as a picture dragged out of a page
    return file ? [{path: file.name, file}] : [];
  });
  return (await Promise.all(found)).flat();
}

async function within(entry: FileSystemEntry, before: string): Promise<readonly GivenFile[]> {
  const path = `${before}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [{path, file}];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  // It gives some at a time, and in the end none.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) break;
    found.push(...some);
  }
  return (await Promise.all(found.map((one) => within(one, `${path}/`)))).flat();
}
