import { readXml, type XmlLimits } from '../xml/read-xml.js';
import type { InvoiceDocument } from './invoice-document.js';
import { InvoiceRefused } from './invoice-refused.js';
import { brokenMoneyRules } from './money-rules.js';
import { readInvoice } from './read-invoice.js';
import { ublAttachments, ublPrefixes } from './ubl.js';

/** Large enough for an invoice of some ten thousand lines or a few attachments. */
export const defaultLimits: XmlLimits = {
  maxBytes: 20 * 1024 * 1024,
  maxDepth: 64,
  maxElements: 500_000,
  maxAttributes: 50,
};

/**
 * Reads the bytes of a file as an invoice and checks it: the one door between a file and the ledger.
 * @throws {XmlRefused} when the file is no XML that is safe to read
 * @throws {InvoiceRefused} when the document is no invoice that can be posted
 */
export async function examineInvoice(
  bytes: Uint8Array,
  limits: XmlLimits = defaultLimits,
  signal?: AbortSignal,
): Promise<InvoiceDocument> {
  const root = await readXml(bytes, { limits, prefixes: ublPrefixes, skip: ublAttachments }, signal);
  const invoice = readInvoice(root);
  const violations = brokenMoneyRules(invoice);
  if (violations.length > 0) throw new InvoiceRefused(violations);
  return invoice;
}
