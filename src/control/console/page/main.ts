import { Client, type Order } from './client.js';
import type { Controls } from './controls.js';
import { Focus } from './focus.js';
import { Live } from './live.js';
import { Model, type Notice } from './model.js';
import { page } from './page.js';
import { patch } from './patch.js';
import { placeOf } from './place.js';
import { asProblem } from './problem.js';
import { takeTokenFromAddress } from './token-in-address.js';
import { TokenMemory } from './token-memory.js';

const root = document.getElementById('console');
const focus = root === null ? undefined : new Focus(root);
const client = new Client();
const memory = new TokenMemory();
const model = new Model();
const live = new Live(client, model, onNews);
let notices = 0;
/** The notice that says that a token was forgotten. */
let forgotten: number | undefined;
let process: number | undefined;
/** The order that waits for a token. */
let waiting: { readonly order: Order; readonly what: string } | undefined;

const controls: Controls = {
  begin(draft) {
    model.draft = draft;
    draw();
  },
  cancel() {
    model.draft = undefined;
    model.tokenWish = undefined;
    waiting = undefined;
    draw();
  },
  send(fields) {
    const { draft } = model;
    model.draft = undefined;
    if (draft !== undefined) void send(draft.order(fields), draft.what);
    draw();
  },
  askForToken() {
    askForToken('With a token you see more, and may change what the application does.');
  },
  signIn(token) {
    client.useToken(token);
    memory.used();
    model.hasToken = true;
    model.tokenWish = undefined;
    if (forgotten !== undefined) controls.dismiss(forgotten);
    const order = waiting;
    waiting = undefined;
    live.reconnect();
    if (order !== undefined) void send(order.order, order.what);
    draw();
  },
  refuseLink(page) {
    model.tokenWish = `That link belongs to ${page}, and this page is ${location.origin}: its token was not used. Where both are the same application, enter only what stands behind #token= in the link.`;
    draw();
  },
  signOut() {
    client.useToken(undefined);
    memory.dropped();
    model.hasToken = false;
    live.reconnect();
    draw();
  },
  look(filter) {
    model.filter = filter;
    live.wake();
    draw();
  },
  dismiss(id) {
    model.notices = model.notices.filter((notice) => notice.id !== id);
    draw();
  },
};

/** Gives an order, and says how it went. */
async function send(order: Order, what: string): Promise<void> {
  const id = say({ kind: 'pending', text: `${what} …` });
  try {
    await client.order(order);
    say({ kind: 'done', text: `${what}: done` }, id);
  } catch (error) {
    const problem = asProblem(error);
    if (problem.needsToken) {
      controls.dismiss(id);
      waiting = { order, what };
      askForToken(client.hasToken ? 'That token is not the right one.' : `To ${what}, a token is needed.`);
    } else {
      say({ kind: 'refused', text: `${what}: ${problem.message}`, hint: problem.hint }, id);
    }
  }
  live.wake();
}

function askForToken(wish: string): void {
  model.draft = undefined;
  model.tokenWish = wish;
  draw();
}

/** Says something, in the place of what was said before about the same. Good news goes by itself. */
function say(notice: Omit<Notice, 'id'>, id = ++notices): number {
  model.notices = [...model.notices.filter((each) => each.id !== id), { ...notice, id }];
  if (notice.kind === 'done')
    setTimeout(() => {
      controls.dismiss(id);
    }, 8_000);
  draw();
  return id;
}

/** The routes have answered: what that means beyond what is drawn. */
function onNews(): void {
  const pid = model.status.value?.process.pid;
  if (process !== undefined && pid !== process) say({ kind: 'done', text: 'The application has restarted.' });
  process = pid;
  if (model.link.state === 'locked' && client.hasToken) {
    client.useToken(undefined);
    memory.dropped();
    model.hasToken = false;
    askForToken('That token is not the right one.');
    // Without it there may be more to see than with a wrong one.
    live.reconnect();
  }
  draw();
}

let isDrawing = false;

/** Draws once, however often it is asked for before the next frame. */
function draw(): void {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    if (root === null) return;
    focus?.keep(() => {
      patch(root, page(model, controls, Date.now()));
    });
    const dialog = root.querySelector('dialog');
    if (dialog !== null && !dialog.open) dialog.showModal();
    const { name, state } = model.status.value ?? { name: 'PLBA', state: '' };
    const word = model.link.state === 'lost' ? 'no answer' : (model.health.value?.status ?? state);
    document.title = word === '' ? name : `${name}: ${word}`;
  });
}

function goToPlace(): void {
  const token = takeTokenFromAddress();
  if (token !== undefined) controls.signIn(token);
  model.place = placeOf(location.hash);
  model.filter = '';
  live.wake();
  draw();
}

window.addEventListener('hashchange', () => {
  const before = model.place;
  goToPlace();
  const { place } = model;
  const isOtherRun = place.kind === 'worker' && before.kind === 'worker' && place.name === before.name;
  if (isOtherRun) return;
  // Whoever reads the page by keyboard or ear goes on at what has come.
  document.getElementById('main')?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
});
document.addEventListener('visibilitychange', () => {
  live.wake();
});
// Ages grow without anybody telling.
setInterval(draw, 1_000);
goToPlace();
if (memory.hasForgotten(model.hasToken)) {
  const text = 'This page was loaded anew and has forgotten its token.';
  forgotten = say({ kind: 'told', text, hint: 'Enter it again, or open its link again, to go on as before.' });
}
void live.run();
