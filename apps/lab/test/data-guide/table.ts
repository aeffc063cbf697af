import {markdownTable} from '@regularizers/core';
import {datasets} from './datasets.ts';
import {groups} from './groups.ts';
import {isRefused, type Row} from './row.ts';

/** The tables of docs/guides/data.md, by section. */
export function dataTables(): Readonly<Record<string, string>> {
  const all: Readonly<Record<string, readonly Row[]>> = {
    ...groups,
    streams: [...datasets, ...groups.streams],
  };
  return Object.fromEntries(
    Object.entries(all).map(([group, rows]) => [
      group,
      markdownTable(
        ['what it is', 'what happens'],
        rows.map((row) => [row.what, happens(row)]),
      ),
    ]),
  );
}

function happens(row: Row): string {
  if (isRefused(row)) return `refused, \`${row.code}\`: “${row.advice}”`;
  const {sameAs, explained} = row;
  return [
    'works',
    ...(sameAs ? [`as ${sameAs.form}, to the bit`] : []),
    ...(explained === undefined ? [] : [`\`explain()\` says: “${explained}”`]),
  ].join('; ');
}
