import {html, nothing, type TemplateResult} from 'lit-html';
import {isOwn, type OwnOptions, pathOf} from '../../data/own/options.ts';
import type {Actions} from '../actions.ts';
import {dataKinds, ownFieldsOf} from '../fields/recipe-fields.ts';
import {chosenFiles} from '../own/dropped.ts';
import type {KeptData} from '../own/kept-data.ts';
import type {PageState} from '../state.ts';
import {type Choice, type Choices, choicesOf, kindView} from './kind.ts';
import {mnistView} from './mnist.ts';
import {ownTableView} from './own-table.ts';
import {sampleView} from './sample.ts';
import {webcamView} from './webcam.ts';

/** The data of the recipe: embedded, or the user's own. */
export function dataView(state: PageState, actions: Actions): TemplateResult {
  return html`
    ${kindView('data', 'Data set', dataChoices(state, actions), state, actions, ownView(state, actions))}
    ${mnistView(state, actions)}
    ${sampleView(state)}
    ${addView(state, actions)}
  `;
}

const ownValue = (sha256: unknown): string => `own ${String(sha256)}`;

function dataChoices({draft, own}: PageState, actions: Actions): Choices {
  const {groups, ...embedded} = choicesOf('data', dataKinds, draft, actions);
  const {data} = draft;
  const mine = own.kept.map(
    (one): Choice => ({
      value: ownValue(one.sha256),
      label: one.name,
      choose: () => actions.chooseOwn(one),
    }),
  );
  if (!isOwnData(data)) return {...embedded, groups: [{label: 'Your data', choices: mine}, named(groups)]};
  const chosen = ownValue(keptOf(data, own.kept)?.sha256 ?? data.sha256);
  const isHere = mine.some(({value}) => value === chosen);
  const missing: Choice = {value: chosen, label: `${pathOf(data)} (not here)`, choose: () => undefined};
  return {
    groups: [{label: 'Your data', choices: isHere ? mine : [missing, ...mine]}, named(groups)],
    chosen,
    fields: ownFieldsOf[data.name] ?? [],
  };
}

const named = ([group]: Choices['groups']): Choices['groups'][number] => ({
  label: 'Embedded',
  choices: group!.choices,
});

/** A draft may not be a recipe yet; of data of the user's own it has the file. */
const isOwnData = (data: PageState['draft']['data']): data is typeof data & OwnOptions => isOwn(data);

const keptOf = (data: OwnOptions, kept: readonly KeptData[]): KeptData | undefined =>
  kept.find(({sha256, name}) => (data.sha256 === undefined ? name === pathOf(data) : sha256 === data.sha256));

/** What the user's data is, and what becomes of its columns. */
function ownView(state: PageState, actions: Actions): TemplateResult | typeof nothing {
  const {data} = state.draft;
  if (!isOwnData(data)) return nothing;
  const kept = keptOf(data, state.own.kept);
  const {error} = state.problem ?? {};
  return html`<div class="own">
    ${error?.code === 'not-kept' ? html`<p class="wrong">${error.hint}</p>` : nothing}
    ${data.name === 'csv' ? ownTableView(data, kept, state, actions) : nothing}
    ${
      kept
        ? html`<p class="help">${bytesText(kept.size)}, SHA-256 <code title=${kept.sha256}>${kept.sha256.slice(0, 12)}…</code>,
            which links name it by. Kept in this browser, and sent nowhere.
            <button type="button" class="link" @click=${() => actions.forgetOwn(kept)}>Remove ${kept.name} from this
            browser</button></p>`
        : nothing
    }
  </div>`;
}

/** `340 bytes`, `12 kB`, `3.4 MB` */
function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Where data of the user's own comes from. */
function addView(state: PageState, actions: Actions): TemplateResult {
  const {
    own: {reading, refusal},
    webcam,
  } = state;
  const take = ({target}: {readonly target: HTMLInputElement}): void => {
    actions.keepFiles(chosenFiles(target.files ?? []));
    target.value = ''; // the same file again is a change too
  };
  return html`<div class="drop" role="group" aria-labelledby="own-title">
    <p><strong id="own-title">Your data</strong> <span class="soft">Drop a CSV file, a zip or a folder of pictures with a
      subfolder for each class, or NumPy or IDX arrays. It stays in this browser: nothing of it is sent
      anywhere.</span></p>
    <div class="row">
      <label class="button" for="own-files">Files …</label>
      <input class="unseen" type="file" id="own-files" multiple @change=${take}>
      <label class="button" for="own-folder">Folder …</label>
      <input class="unseen" type="file" id="own-folder" webkitdirectory @change=${take}>
      ${webcam ? nothing : html`<button type="button" @click=${actions.webcam.open}>Webcam …</button>`}
      ${reading === undefined ? nothing : html`<span class="soft" role="status">Reading ${reading} …</span>`}
    </div>
    ${
      refusal
        ? html`<div class="wrong" role="alert"><p>${refusal.message}.</p>${refusal.hint ? html`<p>${refusal.hint}</p>` : nothing}</div>`
        : nothing
    }
    ${webcamView(state, actions)}
  </div>`;
}
