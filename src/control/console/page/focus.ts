const focusable = 'button:not(:disabled), a[href], input, select, summary, [tabindex="0"]';

/**
 * Keeps the focus of somebody who works by keyboard where they were. What they were on may go away by what they did: the button
 * "Stop" of a worker that is stopped, a dialog that is sent. Then what is next to it gets the focus, and gives it back when the same
 * thing comes again.
 */
export class Focus {
  /** What had the focus last outside of a dialog, and what it stood in, nearest first. */
  #path: readonly Element[] = [];
  /** The one that has gone, by its label, and what has the focus for it. */
  #away: { readonly label: string; readonly deputy: Element } | undefined;

  constructor(private readonly root: HTMLElement) {}

  /** Does what may take away the element with the focus. */
  keep(change: () => void): void {
    const before = focused();
    const wasDialog = this.#hasDialog();
    if (before !== undefined && before.closest('dialog') === null) this.#path = this.#pathTo(before);
    change();
    const isLost = focused() === undefined && (before !== undefined || wasDialog);
    if (isLost && !this.#hasDialog()) this.#goOn(before);
    else this.#giveBack();
  }

  /** An element and what it stands in, up to the section that it belongs to. */
  #pathTo(element: Element): readonly Element[] {
    const path: Element[] = [];
    for (let at: Element | null = element; at !== null && at !== this.root; at = at.parentElement) {
      if (at.tagName === 'MAIN') break;
      path.push(at);
    }
    return path;
  }

  #hasDialog(): boolean {
    return this.root.querySelector('dialog') !== null;
  }

  #goOn(gone: Element | undefined): void {
    const [place, ...around] = this.#path;
    if (place?.isConnected === true) {
      focusOn(place);
      return;
    }
    for (const part of around) {
      const deputy = part.isConnected ? part.querySelector(focusable) : null;
      if (deputy === null) continue;
      const label = gone !== undefined && gone === this.#away?.deputy ? this.#away.label : labelOf(place);
      this.#away = { label, deputy };
      focusOn(deputy);
      return;
    }
    focusOn(this.root.querySelector('main'));
  }

  #giveBack(): void {
    // Whoever is in a dialog comes back from it.
    if (this.#away === undefined || this.#hasDialog()) return;
    const { label, deputy } = this.#away;
    if (document.activeElement !== deputy) {
      this.#away = undefined;
      return;
    }
    const back = [...(deputy.parentElement?.children ?? [])].find((each) => labelOf(each) === label);
    if (back === undefined || label === '') return;
    this.#away = undefined;
    focusOn(back);
  }
}

/** What has the focus; undefined where nothing has, and the keyboard would begin at the top of the page. */
function focused(): Element | undefined {
  const { activeElement, body } = document;
  return activeElement === null || activeElement === body ? undefined : activeElement;
}

function labelOf(element: Element | undefined): string {
  return element?.getAttribute('aria-label') ?? '';
}

function focusOn(element: Element | null): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}
