import {html, nothing, type TemplateResult} from 'lit-html';
import {mnistFiles, mnistParts} from '../../data/mnist.ts';
import type {Actions} from '../actions.ts';
import {byPart} from '../mnist-parts.ts';
import type {PageState} from '../state.ts';

/** Where MNIST's four files are: on the user's disk, or where the page can fetch them. */
export function mnistView(
  {draft, mnist: {source}, plan, planned}: PageState,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (draft.data['name'] !== 'mnist') return nothing;
  const files = source?.from === 'files' ? source.files : {};
  // Chosen is not read: only a plan, which was made from them, says that they are what they should be.
  const areRead = plan !== undefined && planned?.data.name === 'mnist';
  const choose = ({target}: {readonly target: HTMLInputElement}): void => {
    actions.setMnist({from: 'files', files: {...files, ...byPart(target.files ?? [])}});
  };
  const fetchFrom = (event: SubmitEvent): void => {
    event.preventDefault();
    const address = new FormData(event.target as HTMLFormElement).get('address');
    actions.setMnist({from: 'address', address: new URL(String(address), location.href).href});
  };
  return html`<div class="mnist">
    <div class="field">
      <label for="mnist-files">The four IDX files, packed with gzip or not</label>
      <input type="file" id="mnist-files" multiple aria-describedby="mnist-found" @change=${choose}>
      <ul class="found" id="mnist-found">
        ${mnistParts.map((part) => {
          const status = areRead
            ? 'read'
            : files[part]
              ? 'chosen'
              : source?.from === 'address'
                ? 'not read'
                : 'missing';
          return html`<li class=${areRead ? 'here' : nothing}>
            <span aria-hidden="true">${areRead ? '✓' : '·'}</span> ${mnistFiles[part]}
            <span class=${areRead ? 'unseen' : nothing}>${status}</span>
          </li>`;
        })}
      </ul>
    </div>
    <form class="field" @submit=${fetchFrom}>
      <label for="mnist-address">Or a folder that this page can fetch</label>
      <div class="row">
        <input type="text" id="mnist-address" name="address" value="mnist/" spellcheck="false" autocomplete="off">
        <button>Fetch</button>
      </div>
    </form>
  </div>`;
}
