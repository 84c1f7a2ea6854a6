import { on, once } from 'node:events';

const PATIENCE_MS = 10_000;

export interface SlackView {
  readonly id: string;
  readonly callback_id?: string;
  readonly private_metadata?: string;
  readonly blocks: readonly {
    readonly type: string;
    readonly block_id: string;
    readonly element?: { readonly type: string; readonly action_id: string };
  }[];
}

/** What has become of the form: closed, or still open with what the application says is wrong, by block. */
export type Submitted =
  | { readonly closed: true }
  | { readonly closed: false; readonly errors: Readonly<Record<string, string>> };

/** The forms that are open now, the topmost last. The stand-in has one stack for the whole workspace, whoever opened it. */
export async function openViews(url: string): Promise<readonly SlackView[]> {
  await using page = await openPage(url);
  return page.views;
}

/** A person fills in the topmost form, by block and action, and sends it off: only the page's own socket can. */
export async function submitView(
  url: string,
  user: string,
  values: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<Submitted> {
  await using page = await openPage(url);
  const view = page.views.at(-1);
  if (view === undefined) throw new Error('no form is open');
  page.send({ t: 'view_submit', user, values: statesOf(view, values) });
  const answer = await page.next(({ t }) => t === 'view' || t === 'view_errors');
  return answer.t === 'view' ? { closed: true } : { closed: false, errors: answer.errors ?? {} };
}

interface PageMessage {
  readonly t: string;
  readonly errors?: Readonly<Record<string, string>>;
  readonly state?: { readonly modalStack: readonly SlackView[] };
}

interface Page extends AsyncDisposable {
  readonly views: readonly SlackView[];
  send(message: object): void;
  next(isWanted: (message: PageMessage) => boolean): Promise<PageMessage>;
}

async function openPage(url: string): Promise<Page> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ui`);
  // Subscribed once for all: several messages may arrive in one piece.
  const messages = on(socket, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
  const next = async (isWanted: (message: PageMessage) => boolean): Promise<PageMessage> => {
    for (;;) {
      const { value, done } = await messages.next();
      if (done) throw new Error('the page was closed');
      const [{ data }] = value as [MessageEvent];
      const message = JSON.parse(String(data)) as PageMessage;
      if (isWanted(message)) return message;
    }
  };
  const first = await next(({ t }) => t === 'init');
  return {
    views: first.state?.modalStack ?? [],
    send: (message) => socket.send(JSON.stringify(message)),
    next,
    async [Symbol.asyncDispose]() {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

function statesOf(view: SlackView, values: Readonly<Record<string, Readonly<Record<string, string>>>>): object {
  const states = view.blocks.flatMap(({ block_id, element }) => {
    if (element === undefined) return [];
    const { type, action_id } = element;
    const value = values[block_id]?.[action_id];
    return value === undefined ? [] : [[block_id, { [action_id]: { type, value } }]];
  });
  return Object.fromEntries(states);
}
