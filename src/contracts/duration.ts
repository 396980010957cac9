/**
 * A length of time: a number of milliseconds, or a number with its unit, such as `'250ms'`, `'30s'`, `'5m'`, `'2h'`.
 *
 * At least 0 and at most 2^31-1 ms (24.8 days), the longest wait a timer of the platform can keep; what is outside is
 * refused with `DURATION_INVALID` where it is read.
 */
export type Duration = number | `${number}${DurationUnit}`;

/** The units of a written {@link Duration}: millisecond, second, minute, hour. */
export type DurationUnit = 'ms' | 's' | 'm' | 'h';
