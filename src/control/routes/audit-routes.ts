import type { AuditTrail } from '../audit/audit-trail.js';
import type { Route } from '../route.js';

/** `GET /audit`. */
export function auditRoutes(trail: AuditTrail): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/audit',
      authority: 'read',
      summary: 'every change that was asked for, done or refused, newest first',
      answers: { 200: { 'application/json': ['AuditEntry'] } },
      refusals: [],
      handle: () => ({ status: 200, body: trail.entries() }),
    },
  ];
}
