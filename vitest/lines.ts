// What a process of a test prints.
import type {Readable} from 'node:stream';

/** The lines that a stream has given so far; one that is not ended is none yet. */
export function linesOf(stream: Readable): readonly string[] {
  const lines: string[] = [];
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
  });
  return lines;
}
