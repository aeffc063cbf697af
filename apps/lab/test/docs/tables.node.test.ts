import {expect, test} from 'vitest';
import {techniques} from '../../src/regularizers.ts';
import {madeFiles} from './tables.ts';

const files = await madeFiles();

test.each(files.map(({path, text, made}) => [path, text, made]))(
  '%s is as what it is made from says; else: npm run tables',
  (_, text, made) => {
    expect(text).toBe(made);
  },
);

test('every technique and every option is in one of them', () => {
  const readmes = files.map(({made}) => made).join('\n');
  for (const {name, options} of techniques) {
    const [, section = ''] = readmes.split(`### \`${name}\`\n`);
    const own = section.split(/\n##|<!--/)[0]!;
    expect(Object.keys(options).filter((key) => !own.includes(`| \`${key}\` `))).toEqual([]);
  }
});
