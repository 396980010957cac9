import { injectable } from 'inversify';

/** The partner is not open for business right now. */
export class PartnerIsClosed extends Error {}

/** What became of one page of the price list. */
export interface PageResult {
  readonly imported: number;
  readonly unreadable: number;
}

const pages = [['apple 1.20', 'pear 1.40'], ['plum', 'fig 3.10'], ['date 4.00']];

/** Imports a partner's price list page by page. Business: it succeeds, answers what it did, or throws a typed error. */
@injectable()
export class PriceListRoutine {
  private page = 0;
  private partnerAnswers = false;

  importNextPage(signal: AbortSignal): Promise<PageResult> {
    signal.throwIfAborted();
    if (!this.partnerAnswers) {
      this.partnerAnswers = true; // he opens in a moment
      return Promise.reject(new PartnerIsClosed('the partner opens at eight'));
    }
    const lines = pages[this.page++] ?? [];
    const imported = lines.filter((line) => /\d+\.\d\d$/.test(line)).length;
    return Promise.resolve({ imported, unreadable: lines.length - imported });
  }
}
