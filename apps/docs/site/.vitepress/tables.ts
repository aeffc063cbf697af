// Tables for narrow screens. Each cell knows what its column is called, so that where columns find no place beside each other
// a row is set as a list: see `style.css`.
import type {MarkdownRenderer} from 'vitepress';

type Token = Parameters<MarkdownRenderer['renderer']['render']>[0][number];

/** Names the cells of tables. */
export function nameCells(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('names-of-cells', ({tokens}) => {
    let names: string[] = [];
    let column = 0;
    for (const [at, token] of tokens.entries()) {
      if (token.type === 'table_open') {
        names = headsOf(tokens, at);
      } else if (token.type === 'tr_open') {
        column = 0;
      } else if (token.type === 'td_open') {
        token.attrSet('data-column', names[column] ?? '');
        column += 1;
      }
    }
  });
}

function headsOf(tokens: readonly Token[], from: number): string[] {
  const names: string[] = [];
  for (let at = from; tokens[at]!.type !== 'thead_close'; at++) {
    if (tokens[at]!.type === 'th_open') names.push(plain(tokens[at + 1]!));
  }
  return names;
}

/** What a heading says, without how it is set. */
const plain = ({children}: Token): string => (children ?? []).map(({content}) => content).join('');
