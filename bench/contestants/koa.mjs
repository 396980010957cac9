// Koa alone. It keeps what it knows of its parts, and composes and serialises the answer on each request.
import Koa from 'koa';
import { task, tellReady } from './measured.mjs';

const since = new Date();
const parts = Array.from({ length: task.contributors }, (_, index) => ({
  name: `contributor-${index}`,
  status: 'ok',
  since,
}));

const application = new Koa();
application.use(async (context, next) => {
  if (context.path !== '/health') return next();
  const contributors = {};
  for (const { name, status, since } of parts) contributors[name] = { status, raw: status, critical: true, since };
  context.set('Cache-Control', 'no-store');
  context.body = { status: 'ok', since, contributors };
});
application.listen(task.port, '127.0.0.1', tellReady);
