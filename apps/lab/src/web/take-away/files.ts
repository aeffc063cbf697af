/** Hands the user a file. */
export function saveFile(name: string, content: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([content], {type}));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Hands the user files in one zip file. */
export async function saveZip(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const {zipSync} = await import('fflate');
  saveFile(name, zipSync(Object.fromEntries(files)) as BlobPart, 'application/zip');
}

/** A text as a file has it. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
