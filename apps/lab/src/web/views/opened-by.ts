import {noChange} from 'lit-html';
import {Directive, type DirectiveResult, directive, type ElementPart} from 'lit-html/directive.js';

class OpenedBy extends Directive {
  #was = false;

  override render(_isDue: boolean): typeof noChange {
    return noChange;
  }

  override update({element}: ElementPart, [isDue]: [boolean]): typeof noChange {
    if (isDue && !this.#was) (element as HTMLDetailsElement).open = true;
    this.#was = isDue;
    return noChange;
  }
}

/** Opens what is folded when something in it is to be seen. It is never closed by itself: somebody may be at work in it. */
export const openedBy: (isDue: boolean) => DirectiveResult<typeof OpenedBy> = directive(OpenedBy);
