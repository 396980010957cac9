import { PlbaError } from '../../errors.js';
import type { ControlSettings } from '../control-settings.js';
import { isLoopback } from './loopback.js';
import { TokenList } from './token-list.js';

/**
 * Refuses settings that would let strangers look in: another address than loopback without a token for reading or operating.
 * Pure, so that it can be asked before anything starts.
 *
 * @throws PlbaError `CONTROL_EXPOSED`
 */
export function checkExposure(settings: Pick<ControlSettings, 'host' | 'token' | 'tokens'>): void {
  if (new TokenList(settings).isClosed || isLoopback(settings.host)) return;
  const where = settings.host === '' ? 'all addresses' : `"${settings.host}"`;
  throw new PlbaError('CONTROL_EXPOSED', `the control plane would be open on ${where} without a token`, {
    hint: 'set plba.control.token (PLBA__CONTROL__TOKEN), or plba.control.host to 127.0.0.1',
  });
}
