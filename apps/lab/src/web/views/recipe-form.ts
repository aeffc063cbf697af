import {html, nothing, type TemplateResult} from 'lit-html';
import type {Actions} from '../actions.ts';
import {backendNames, speedsText} from '../backend-text.ts';
import {numberField, textField} from '../fields/field.ts';
import {modelKinds, optimizerKinds} from '../fields/recipe-fields.ts';
import {fileNameOf} from '../share.ts';
import type {PageState} from '../state.ts';
import {type BackendChoice, backendChoices} from '../worker/protocol.ts';
import {controls} from './controls.ts';
import {dataView} from './data.ts';
import {choicesOf, kindView} from './kind.ts';
import {regularizersView} from './regularizers.ts';

const runFields = [
  numberField('epochs', 'Epochs', {min: 1, integer: true, initial: 30}),
  numberField('batchSize', 'Batch size', {min: 1, integer: true, initial: 32}),
  numberField('seed', 'Seed', {min: 0, integer: true, initial: 0, help: 'Weights, batches and every draw.'}),
  textField('text', 'name', 'Name', {empty: 'after its regularizers', advanced: true}),
];

/** The recipe as a form. */
export function recipeForm(state: PageState, actions: Actions): TemplateResult {
  const {draft, problem} = state;
  const last = state.past.at(-1);
  return html`
    <div class="row tools">
      <button type="button" class="quiet" aria-disabled=${last ? nothing : 'true'} @click=${actions.undo}
        title="Ctrl+Z">Undo${last ? html` <span class="soft">${last.what}</span>` : nothing}</button>
    </div>
    <fieldset>
      <legend>Data</legend>
      ${dataView(state, actions)}
    </fieldset>
    <fieldset>
      <legend>Model</legend>
      ${kindView('model', 'Architecture', choicesOf('model', modelKinds, draft, actions), state, actions)}
    </fieldset>
    <fieldset>
      <legend>Regularizers</legend>
      ${regularizersView(state, actions)}
    </fieldset>
    <fieldset>
      <legend>Training</legend>
      ${kindView('optimizer', 'Optimizer', choicesOf('optimizer', optimizerKinds, draft, actions), state, actions)}
      ${controls(runFields, {
        place: 'run',
        options: draft.run,
        problem: problem && {...problem, places: withRunPlaces(problem.places)},
        set: (field, value) => actions.setOption('run', field, value),
      })}
      ${backendView(state, actions)}
    </fieldset>
    <fieldset>
      <legend>Recipe file</legend>
      ${fileView(state, actions)}
    </fieldset>
  `;
}

function backendView({backendChoice = 'fastest', speeds}: PageState, actions: Actions): TemplateResult {
  const choose = ({target}: {readonly target: HTMLSelectElement}): void =>
    actions.chooseBackend(target.value as BackendChoice);
  const measured = speedsText(speeds);
  return html`<div class="field">
    <label for="backend">Trains on</label>
    <select id="backend" aria-describedby="backend-help" @change=${choose}>
      ${backendChoices.map(
        (choice) =>
          html`<option value=${choice} .selected=${choice === backendChoice}>${
            choice === 'fastest' ? 'whatever is fastest here' : backendNames[choice]
          }</option>`,
      )}
    </select>
    <p class="help" id="backend-help">${measured === '' ? 'Measured in the first steps.' : measured}</p>
  </div>`;
}

/** Epochs, batch size and seed are at the top of a recipe. */
const withRunPlaces = (places: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map(
    [...places].flatMap(([place, message]) => [
      [place, message] as const,
      [`run.${place}`, message] as const,
    ]),
  );

function fileView({recipe, taken}: PageState, actions: Actions): TemplateResult {
  const open = ({target}: {readonly target: HTMLInputElement}): void => {
    const [file] = target.files ?? [];
    if (file) void actions.importFile(file);
    target.value = ''; // the same file again is a change too
  };
  return html`
    <div class="row wraps">
      <button type="button" aria-disabled=${recipe ? nothing : 'true'} @click=${actions.exportFile}>Export</button>
      <label class="button" for="recipe-file">Import …</label>
      <input class="unseen" type="file" id="recipe-file" accept=".json,application/json" @change=${open}>
      <button type="button" @click=${actions.copyLink}>Copy link</button>
    </div>
    <div class="row wraps">
      <button type="button" aria-disabled=${recipe ? nothing : 'true'} @click=${actions.copyProgram}>Copy TypeScript</button>
      <button type="button" aria-disabled=${recipe ? nothing : 'true'} @click=${actions.saveProgram}
        title="The same TypeScript, with the data that it trains on" aria-label="Program with its data">Program …</button>
    </div>
    ${taken ? html`<p class="help taken">${taken}</p>` : nothing}
    ${
      recipe
        ? html`<p class="help">The command line runs the same: <code>lab run ${fileNameOf(recipe)}</code>. The address
            of this page holds the recipe too.</p>`
        : nothing
    }
  `;
}
