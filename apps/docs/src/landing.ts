// The landing page: what this is, how it is installed, code that runs, what it did, and where to go.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {comparisonPicture, labAddress, type Measured, recipeOf} from './picture.ts';
import {app, families, familyTitles, readText} from './places.ts';
import {siteTechniques} from './techniques/all.ts';

const about: Readonly<Record<(typeof families)[number], string>> = {
  l2: 'Small, sparse, bounded or orthogonal weights; clipping; flat minima; fine-tuning.',
  augmentation: 'Pictures moved, recoloured and mixed, on the device, one resample for all.',
  sharing: 'Weights that are one, or functions of others.',
  noise: 'On inputs, targets, weights and gradients.',
  'early-stopping': 'Stops in time, and leaves the best weights at every exit.',
  ensembles: 'Several models, or several states of one, as one plain model.',
  dropout: 'Units, channels, blocks, weights and branches left out while training.',
};

/** The page as Markdown. Its code is that of the guide for Node, so that there is one to keep right. */
export function landingPage(): string {
  const [, code = ''] = /```ts\n([\s\S]+?)```/.exec(readText('docs', 'guides', 'start-in-node.md')) ?? [];
  const [, install = ''] =
    /```sh\n(npm install .+)\n/.exec(readText('docs', 'guides', 'start-in-node.md')) ?? [];
  const measured: Measured = JSON.parse(readFileSync(join(app, 'measured', 'glyphs.json'), 'utf8'));
  return `---
layout: page
title: Regularization for TensorFlow.js
titleTemplate: false
---
<main class="landing vp-doc">
<section class="columns hero">
<div>

# Your model fits its data. <span>Make it fit the next.</span>

Regularization for TensorFlow.js: ${siteTechniques.length} techniques in ${families.length} small packages, listed in one trainer, trained on WebGL or native TensorFlow, and a plain <code>tf.LayersModel</code> at the end.

<p class="actions">
<a class="button brand" href="./guides/start-in-the-browser">Get started</a>
<a class="button" href="./lab/index.html" target="_self">Open the lab</a>
<a class="button" href="./guides/which-regularizer">Which one?</a>
</p>
</div>
<figure>
${comparisonPicture(measured)}
<figcaption>

Test error on letters of which the model has seen 600, once with wrong labels among them: the mean of ${measured.seeds} seeds and its standard error; pale where a difference is within chance. Strengths are those of a search by validation error. Measured by <code>${measured.command}</code>, on ${measured.backend}. Open it in the lab: [without any](${labLink(measured, 0)}){target="_self"}, [the last row](${labLink(measured, -1)}){target="_self"}.

</figcaption>
</figure>
</section>
<section class="columns">
<div>

## From nothing to a trained model

1. Install:

   \`\`\`sh
   ${install}
   \`\`\`

2. Save the code as <code>train.mjs</code>.
3. Run it: <code>node train.mjs</code>.

In a browser it trains on the graphics card: save <code>&lt;script type="module" src="train.mjs">&lt;/script></code> as <code>index.html</code> beside it, run <code>npx vite</code>, and open the page; the console says how well it went. [With a bundler, and without](/guides/start-in-the-browser).

Native TensorFlow, which is many times as fast as plain JavaScript, is [two lines more](/guides/start-in-node#native-tensorflow). The list of regularizers is all that changes from here on: [what goes with what](/guides/composition), and [moving from model.fit](/guides/from-model-fit).

</div>
<div>

\`\`\`ts
${code.trim()}
\`\`\`

</div>
</section>
<section>

## Seven families

<div class="cards">
${families
  .map((family) => {
    const own = siteTechniques.filter((one) => one.family === family);
    return `<a class="card" href="./techniques/${family}/"><strong>${familyTitles[family]}</strong><span>${about[family]}</span><em>${own.map(({technique}) => technique.name).join(', ')}</em></a>`;
  })
  .join('\n')}
</div>

</section>
<section class="promises">

## What holds

- **Deterministic by seed**, with the same random bits on cpu, WebGL, wasm and native. [How far](/guides/reproducibility)
- **Exact resume**: save after any step, go on in a new process, and end with the same bits. [Checkpoints](/guides/checkpoints)
- **Composes, or says why not**: every pair of techniques is trained in both orders. [Composition](/guides/composition)
- **Fast**: on native a step is one graph, 5 times as fast as \`model.fit\` on an MLP and 9 times on a CNN. [Measured](/guides/speed)
- **Plain at the end**: no layer of ours is left in the model, and nothing of ours is needed to run it.
- **Held by tests** on four backends, line by line. [Guarantees](/guides/guarantees)

</section>
</main>`;
}

/** The lab with the recipe of one row of the first table, from the start or the end. */
function labLink({tables: [table]}: Measured, row: number): string {
  if (!table) throw new Error('nothing is measured');
  return `./${labAddress(recipeOf(table, table.rows.at(row)!)).replaceAll("'", '%27')}`;
}
