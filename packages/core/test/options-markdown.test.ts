import {expect, test} from 'vitest';
import {defineTechnique, option, optionsMarkdown} from '../src/index.ts';

test('options are a table of Markdown whose columns are as wide as their cells', () => {
  const technique = defineTechnique({
    name: 'shake',
    family: 'shaking',
    about: 'Shakes weights.',
    options: {
      strength: option.number({
        min: 0,
        default: 1e-4,
        about: 'Strength a of a·|w|.',
        search: {from: 1e-6, to: 1, scale: 'log'},
      }),
      to: option.choice(['a', 'b'], {about: 'Where to.', required: true, search: {values: ['a', 'b']}}),
      side: option.record<{readonly left?: number}>({left: option.number({about: 'Left.', unit: 'pixels'})})({
        about: 'How far.',
        otherwise: 'nowhere',
        when: {to: ['b']},
      }),
    },
    create: () => ({name: 'shake'}),
  });
  expect(optionsMarkdown([technique])).toBe(`### \`shake\`

Shakes weights.

| option      | what it does             | kind                       | default  | a search draws from         |
| ----------- | ------------------------ | -------------------------- | -------- | --------------------------- |
| \`strength\`  | Strength a of a·\\|w\\|.   | in [0, ∞)                  | \`1e-4\`   | 1e-6 to 1, by its logarithm |
| \`to\`        | Where to.                | one of a, b                | required | "a", "b"                    |
| \`side\`      | How far. Only with to b. | {left}                     | nowhere  |                             |
| \`side.left\` | Left.                    | a finite number, in pixels |          |                             |`);
});
