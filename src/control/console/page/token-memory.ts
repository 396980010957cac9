const mark = 'plba-console-had-token';

/**
 * Remembers for this tab that a token was used in it, and never which: so that a page which was loaded anew can say that it has
 * forgotten it. The token itself stays out of the storage, which belongs to whatever program answers at this address, today and
 * later, and which browsers write to the disk.
 */
export class TokenMemory {
  /** A token is used from now on. */
  used(): void {
    attempt(() => {
      sessionStorage.setItem(mark, 'yes');
    });
  }

  /** None is used any more, and that has been said, or wished. */
  dropped(): void {
    attempt(() => {
      sessionStorage.removeItem(mark);
    });
  }

  /** Whether one was used before the page was loaded, and there is none now. Answered once. */
  hasForgotten(hasToken: boolean): boolean {
    if (hasToken) return false;
    const had = attempt(() => sessionStorage.getItem(mark)) !== undefined;
    this.dropped();
    return had;
  }
}

/** A browser may be told to keep nothing. */
function attempt<T>(use: () => T | null): T | undefined {
  try {
    return use() ?? undefined;
  } catch {
    return undefined;
  }
}
