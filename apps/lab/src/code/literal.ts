const longest = 96; // characters in a line

/** A JSON value as TypeScript, in one line where it is short. */
export function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const isList = Array.isArray(value);
  const inner = `${indent}  `;
  const partsAt = (at: string): readonly string[] =>
    isList
      ? value.map((entry) => literal(entry, at))
      : Object.entries(value).map(([key, entry]) => `${keyOf(key)}: ${literal(entry, at)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const line = `${open}${partsAt(indent).join(', ')}${close}`;
  if (line.length + indent.length <= longest && !line.includes('\n')) return line;
  const parts = partsAt(inner).map((part) => `${inner}${part},\n`);
  return `${open}\n${parts.join('')}${indent}${close}`;
}

const keyOf = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key));

/** In single quotes; what no terminal or editor should obey, as an escape. */
function quoted(text: string): string {
  const inside = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll("'", "\\'")
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
  return `'${inside}'`;
}

const escaped = (character: string): string => `\\u{${character.codePointAt(0)!.toString(16)}}`;
