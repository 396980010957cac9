import type { Newable } from 'inversify';
import type { Health, HealthContributor, HealthContributorOptions } from '../contracts/health.js';
import { PlbaError } from '../errors.js';
import { errorMessage } from '../plain/error-fields.js';
import { type FromContainer, healthCheck } from './health-check.js';

/** Options of {@link httpHealth}. */
export interface HttpHealthOptions extends HealthContributorOptions {
  /** Whom to ask, or how to find that out: `(get) => get(LedgerConfig).url`. */
  readonly url: string | URL | ((get: FromContainer) => string | URL);
  /** Default `'GET'`. */
  readonly method?: 'GET' | 'HEAD';
  /** Sent along, or how to make them. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | ((get: FromContainer) => Readonly<Record<string, string>>);
  /** Which status of the answer is fine. Default: 200 to 299. Redirects are not followed. */
  readonly accepts?: (status: number) => boolean;
}

/**
 * Whether somebody answers over HTTP. Of the answer only the status is looked at. What is said about it never has the query
 * or the credentials of the URL in it.
 * @throws PlbaError `OPTION_INVALID` when `url` is a text that is no URL of `http:` or `https:`
 */
export function httpHealth(options: HttpHealthOptions): Newable<HealthContributor> {
  const { url, method = 'GET', headers = {}, accepts = isSuccess, ...contributor } = options;
  if (typeof url !== 'function') readUrl(url, contributor.name);
  return healthCheck(contributor, async (signal, get): Promise<Health> => {
    const address = readUrl(typeof url === 'function' ? url(get) : url, contributor.name);
    const shown = `${address.host}${address.pathname}`;
    const sent = { ...credentialsOf(address), ...(typeof headers === 'function' ? headers(get) : headers) };
    let status: number;
    try {
      const response = await fetch(address, { method, headers: sent, signal, redirect: 'manual' });
      status = response.status;
      await response.body?.cancel();
    } catch (error) {
      return { status: 'unhealthy', reason: `${shown} does not answer: ${causeOf(error)}` };
    }
    const details = { httpStatus: status };
    if (accepts(status)) return { status: 'ok', details };
    return { status: 'unhealthy', reason: `${shown} answers ${status}`, details };
  });
}

function readUrl(url: string | URL, contributor: string): URL {
  // A copy, also of a URL: it is changed later.
  const address = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (address?.protocol === 'http:' || address?.protocol === 'https:') return address;
  throw new PlbaError('OPTION_INVALID', `url of health contributor "${contributor}" is no URL of http: or https:`, {
    hint: 'write it out: "http://ledger.internal:8080/ping"',
  });
}

/** fetch refuses an address with credentials, and shows them in its message: they go where they belong. */
function credentialsOf(address: URL): Record<string, string> {
  const { username, password } = address;
  if (username === '' && password === '') return {};
  address.username = address.password = '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** `fetch failed` is all that the error itself says. */
function causeOf(error: unknown): string {
  return errorMessage(error instanceof TypeError && error.cause !== undefined ? error.cause : error);
}
