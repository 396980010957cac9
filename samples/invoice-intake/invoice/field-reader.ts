import { elementsAt, type XmlElement } from '../xml/xml-element.js';
import { type DecimalText, decimalIn } from './decimal.js';
import type { Violation } from './invoice-refused.js';

/** A business term: where it stands and what people call it. */
export interface Term {
  /** From the element it belongs to, as for {@link elementsAt}. */
  readonly path: string;
  readonly called: string;
}

/** A business term that must be there. */
export interface MandatoryTerm extends Term {
  /** The rule of EN 16931 that says so. */
  readonly rule: string;
}

/** Longer texts are refused: what is posted has to fit the index that keeps it unique. */
const maxTextLength = 256;

/**
 * Takes business terms out of a document. Notes every {@link Violation} it meets and goes on, so that a sender learns at once of
 * all that is wrong. What it answers counts only when nothing was noted: for a term that is missing it is a stand-in.
 */
export class FieldReader {
  readonly violations: Violation[] = [];

  /** The text of a term that must be there; `''` when it is not. */
  text(from: XmlElement, term: MandatoryTerm): string {
    return this.textOf(this.only(from, term), term) ?? this.missing(term, '');
  }

  /** The amount of a term that must be there, a decimal in `currency`; `'0'` when it is not. */
  amount(from: XmlElement, term: MandatoryTerm, currency: string): DecimalText {
    return this.optionalAmount(from, term, currency) ?? this.missing(term, '0');
  }

  /** The amount of a term that may be missing. */
  optionalAmount(from: XmlElement, term: Term, currency: string): DecimalText | undefined {
    const element = this.only(from, term);
    const written = this.textOf(element, term);
    if (element === undefined || written === undefined) return undefined;
    const amountCurrency = element.attributes.get('currencyID') ?? '';
    if (amountCurrency !== currency) {
      this.note({ problem: `${term.called} is in "${amountCurrency}", the invoice in "${currency}"` });
    }
    const decimal = decimalIn(written);
    if (decimal === undefined) this.note({ problem: `${term.called} is no decimal number: "${written}"` });
    return decimal ?? '0';
  }

  note(violation: Violation): void {
    this.violations.push(violation);
  }

  /** A term that stands twice is refused: two readers of one invoice must never see different values. */
  private only(from: XmlElement, term: Term): XmlElement | undefined {
    const found = elementsAt(from, term.path);
    if (found.length > 1) this.note({ problem: `${term.called} stands ${found.length} times` });
    return found[0];
  }

  /** An empty element says as little as none. */
  private textOf(element: XmlElement | undefined, term: Term): string | undefined {
    if (element === undefined) return undefined;
    const text = textIn(element);
    if (element.children.length > 0) this.note({ problem: `${term.called} has elements inside` });
    if (text.length > maxTextLength) this.note({ problem: `${term.called} has more than ${maxTextLength} characters` });
    return text === '' ? undefined : text.slice(0, maxTextLength);
  }

  private missing(term: MandatoryTerm, standIn: string): string {
    this.note({ rule: term.rule, problem: `${term.called} is missing` });
    return standIn;
  }
}

/** The text of an element as `xs:normalizedString` has it, without the spaces around it. */
export function textIn(element: XmlElement): string {
  return element.text.replace(/[\t\n\r]/g, ' ').replace(/^ +| +$/g, '');
}
