import {html, nothing, type TemplateResult} from 'lit-html';
import type {SentError} from '../../sent-error.ts';
import type {Actions} from '../actions.ts';
import type {PageState} from '../state.ts';

/** What the user must know: why the last run failed, what is wrong with the recipe, and what is not kept. */
export function messages({failure, problem, notKept}: PageState, actions: Actions): TemplateResult {
  return html`
    ${
      failure
        ? html`<div class="message bad" role="alert">
            ${errorView(failure)}
            <button type="button" class="quiet" aria-label="Dismiss" @click=${actions.dismissFailure}>×</button>
          </div>`
        : nothing
    }
    ${problem ? html`<div class="message bad" role="alert">${errorView(problem.error)}</div>` : nothing}
    ${
      notKept
        ? html`<div class="message" role="note"><p>Runs are not kept over a reload: this browser's storage answers
            “${notKept}”.</p></div>`
        : nothing
    }
  `;
}

const errorView = ({where, message, hint}: SentError): TemplateResult => html`<div>
  <p><strong>${where}</strong>: ${message}</p>
  ${hint ? html`<p class="hint">${hint}</p>` : nothing}
</div>`;
