/** A request with headers of W3C Trace Context, and what has to become of them in the requests that it leads to. */
export interface TraceContextCase {
  readonly what: string;
  /** Names and values, as they are written: a header may be there twice, in any case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Whether the trace goes on. Otherwise there is a new one, and no `tracestate`. */
  readonly goesOn: boolean;
  /** What is handed on as `tracestate`; undefined for nothing. */
  readonly state?: string;
  /** Flags that have to be handed on. */
  readonly flags?: number;
}

/** The trace that the requests below come from. */
export const traceId = '12345678901234567890123456789012';
/** The span that they come from. */
export const spanId = '1234567890123456';

const parent = (text: string): readonly [string, string] => ['traceparent', text];
const valid = `00-${traceId}-${spanId}-01`;
const range = (from: number, to: number): string =>
  String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, at) => from + at));
const members = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, at) => `bar${from + at}=${from + at}`).join(',');

const going = (what: string, headers: TraceContextCase['headers'], more: Partial<TraceContextCase> = {}) => ({
  what,
  headers,
  goesOn: true,
  ...more,
});
const states = (what: string, lines: readonly string[], state?: string): TraceContextCase =>
  going(
    what,
    [parent(valid), ...lines.map((line) => ['tracestate', line] as const)],
    state === undefined ? {} : { state },
  );

const goingOn: readonly TraceContextCase[] = [
  going('a traceparent alone', [parent(valid)]),
  ...['TraceParent', 'TrAcEpArEnT', 'TRACEPARENT'].map((name) => going(`the name ${name}`, [[name, valid]])),
  going('a version to come', [parent(`cc${valid.slice(2)}`)]),
  going('a version to come that says more', [parent(`cc${valid.slice(2)}-what-the-future-will-be-like`)]),
  ...[` ${valid}`, `\t${valid}`, `${valid} `, `${valid}\t`, `\t ${valid} \t`].map((text) =>
    going(`blanks around it: ${JSON.stringify(text.replace(valid, '…'))}`, [parent(text)]),
  ),
  going('the random flag', [parent(`00-${traceId}-${spanId}-02`)], { flags: 0x02 }),
  going('the sampled and the random flag', [parent(`00-${traceId}-${spanId}-03`)], { flags: 0x03 }),
];

const beginningAnew: readonly TraceContextCase[] = (
  [
    ['no header', []],
    ['tracestate alone', [['tracestate', 'foo=1']]],
    ['two traceparents', [parent(valid.replace('2-', '1-')), parent(valid)]],
    ['the name trace-parent', [['trace-parent', valid]]],
    ['the name trace.parent', [['trace.parent', valid]]],
    ...[
      `${valid}.`,
      `${valid}-what-the-future-will-be-like`,
      `cc${valid.slice(2)}.what-the-future-will-be-like`,
      `ff${valid.slice(2)}`,
      `.0${valid.slice(2)}`,
      `0.${valid.slice(2)}`,
      `0${valid}`,
      `00${valid}`,
      valid.slice(1),
      `00-${'0'.repeat(32)}-${spanId}-01`,
      `00-.${traceId.slice(1)}-${spanId}-01`,
      `00-${traceId.slice(0, -1)}.-${spanId}-01`,
      `00-${traceId}3-${spanId}-01`,
      `00-${traceId.slice(0, -1)}-${spanId}-01`,
      `00-${traceId}-${'0'.repeat(16)}-01`,
      `00-${traceId}-.${spanId.slice(1)}-01`,
      `00-${traceId}-${spanId.slice(0, -1)}.-01`,
      `00-${traceId}-${spanId}7-01`,
      `00-${traceId}-${spanId.slice(0, -1)}-01`,
      `00-${traceId}-${spanId}-.0`,
      `00-${traceId}-${spanId}-0.`,
      `00-${traceId}-${spanId}-001`,
      `00-${traceId}-${spanId}-1`,
    ].map((text) => [`the traceparent ${text}`, [parent(text), ['tracestate', 'foo=1']]] as const),
  ] as const
).map(([what, headers]) => ({ what, headers, goesOn: false }));

const longKey = 'z'.repeat(256);
const allOfKey = `${range(0x61, 0x7a)}0123456789_-*/`;
const allOfValue = `${range(0x20, 0x2b)}${range(0x2d, 0x3c)}${range(0x3e, 0x7e)}`;
const manyLines = [members(1, 10), members(11, 20), members(21, 30)];

const withState: readonly TraceContextCase[] = [
  states('two members', ['foo=1,bar=2'], 'foo=1,bar=2'),
  ...['TraceState', 'TrAcEsTaTe', 'TRACESTATE'].map((name) =>
    going(`the name ${name}`, [parent(valid), [name, 'foo=1']], { state: 'foo=1' }),
  ),
  ...['trace-state', 'trace.state'].map((name) => going(`the name ${name}`, [parent(valid), [name, 'foo=1']])),
  states('nothing in it', ['']),
  states('nothing in the second one', ['foo=1', ''], 'foo=1'),
  states('nothing in the first one', ['', 'foo=1'], 'foo=1'),
  states('several lines', ['foo=1,bar=2', 'rojo=1,congo=2', 'baz=3'], 'foo=1,bar=2,rojo=1,congo=2,baz=3'),
  states('a key twice in a line', ['foo=1,foo=2'], 'foo=1'),
  states('a key twice in two lines', ['foo=1', 'foo=2'], 'foo=1'),
  states('all characters that may be', [`${allOfKey}=${allOfValue}`], `${allOfKey}=${allOfValue}`),
  states('all of them with a vendor', [`${allOfKey}@a-z0-9_-*/=${allOfValue}`], `${allOfKey}@a-z0-9_-*/=${allOfValue}`),
  states('blanks and tabs around commas', ['foo=1 \t , \t bar=2, \t baz=3'], 'foo=1,bar=2,baz=3'),
  ...[' foo=1', '\tfoo=1', 'foo=1 ', 'foo=1\t', '\t foo=1 \t'].map((line) =>
    states(`blanks around a member: ${JSON.stringify(line)}`, [line], 'foo=1'),
  ),
  ...['foo =1', 'FOO=1', 'foo.bar=1', '@foo=1,bar=2', 'foo=bar=baz', 'foo=,bar=3'].map((line) => states(line, [line])),
  ...['foo@=1,bar=2', 'foo@@bar=1,bar=2', 'foo@bar@baz=1,bar=2'].map((line) => states(line, [line], line)),
  states('32 members', [...manyLines, members(31, 32)], members(1, 32)),
  states('33 members', [...manyLines, members(31, 33)]),
  states('a key of 256 characters', ['foo=1', `${longKey}=1`], `foo=1,${longKey}=1`),
  states('a key of 257 characters', ['foo=1', `z${longKey}=1`]),
  ...[`${'t'.repeat(241)}@${'v'.repeat(14)}`, `${'t'.repeat(242)}@v`, `t@${'v'.repeat(15)}`].map((key) =>
    states(`a vendor's key of ${key.length} characters`, ['foo=1', `${key}=1`], `foo=1,${key}=1`),
  ),
];

/** What W3C's own suite asks of a service, at its strictest and for level 2, and a little more. */
export const traceContextCases: readonly TraceContextCase[] = [...goingOn, ...beginningAnew, ...withState];
