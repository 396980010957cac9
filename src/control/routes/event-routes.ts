import type { EventStream } from './event-stream.js';
import type { Route } from '../route.js';

/** `GET /events`. */
export function eventRoutes(stream: EventStream): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/events',
      authority: 'read',
      summary: 'what happens, as server-sent events; Last-Event-ID goes on where a client has left off',
      headers: { 'Last-Event-ID': 'id of the last event that a client has; it gets those after it' },
      answers: { 200: { 'text/event-stream': { type: 'string' } } },
      refusals: ['CONTROL_STREAM_UNAVAILABLE'],
      handle: () => ({
        open: (response) => {
          const { 'last-event-id': id } = response.req.headers;
          stream.add(response, typeof id === 'string' ? id : undefined);
        },
      }),
    },
  ];
}
