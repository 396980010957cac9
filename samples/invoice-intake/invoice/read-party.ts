import { elementsAt, type XmlElement } from '../xml/xml-element.js';
import { type FieldReader, type MandatoryTerm, textIn } from './field-reader.js';
import type { Party } from './invoice-document.js';

/** The party in `role`, an element of the document. */
export function readParty(reader: FieldReader, root: XmlElement, role: string, name: MandatoryTerm): Party {
  const vatId = elementsAt(root, `${role}/cac:Party/cac:PartyTaxScheme`)
    .filter((scheme) => elementsAt(scheme, 'cac:TaxScheme/cbc:ID').some((id) => textIn(id) === 'VAT'))
    .flatMap((scheme) => elementsAt(scheme, 'cbc:CompanyID'))
    .map(textIn)
    .find((id) => id !== '');
  const registrations = ['cac:PartyIdentification/cbc:ID', 'cac:PartyLegalEntity/cbc:CompanyID']
    .flatMap((path) => elementsAt(root, `${role}/cac:Party/${path}`))
    .filter((id) => id.attributes.has('schemeID') && textIn(id) !== '')
    .map((id) => `${id.attributes.get('schemeID') ?? ''}:${textIn(id)}`);
  return {
    name: reader.text(root, name),
    ...(vatId !== undefined && { vatId }),
    registrations: [...new Set(registrations)],
  };
}
