/**
 * Why a file is not read as XML.
 * - `too-large`, `too-deep`, `too-many-elements`, `too-many-attributes`: beyond a limit of {@link XmlLimits}
 * - `encoding`: bytes that are not what the file says they are, or a character encoding that is not supported
 * - `doctype`: a document type declaration, which is where entity bombs and external entities live
 * - `truncated`: the file ends before the document does
 * - `malformed`: anything else that breaks the rules of XML
 */
export type XmlRefusalCode =
  | 'too-large'
  | 'too-deep'
  | 'too-many-elements'
  | 'too-many-attributes'
  | 'encoding'
  | 'doctype'
  | 'truncated'
  | 'malformed';

/** The file is not XML that is safe to read. The message names the line. */
export class XmlRefused extends Error {
  override readonly name = 'XmlRefused';

  constructor(
    readonly code: XmlRefusalCode,
    problem: string,
    /** The line where reading ended, from 1. Absent where no line is to blame, as with a file that is too large. */
    readonly line?: number,
  ) {
    super(line === undefined ? problem : `line ${line}: ${problem}`);
  }
}
