// Koa alone. It keeps what it is to say of its workers as objects, read from the file `form`, and serialises them on each request.
import { readFileSync } from 'node:fs';
import Koa from 'koa';
import { task, tellReady } from './measured.mjs';

const workers = JSON.parse(readFileSync(task.form, 'utf8'));
const application = new Koa();
application.use((context) => {
  context.set('Cache-Control', 'no-store');
  context.body = workers;
});
application.listen(task.port, '127.0.0.1', tellReady);
