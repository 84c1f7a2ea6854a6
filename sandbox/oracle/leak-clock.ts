import { Agent } from 'node:http';
import { type Answer, ask } from '../traffic/ask.ts';
import type { OracleCase } from './case.ts';
import { createOwners, readMenu } from './menus.ts';
import { readPortUse } from './sockets.ts';
import type { LeakClock, LeakTimes } from './verdict.ts';

const ASK_EVERY_MS = 25;
const LOOK_EVERY_MS = 10;
const MOST_OPEN = 16;
const PATIENCE_MS = 5_000;
const LONGEST_WATCH_MS = 60 * 60_000;

type Mutable = { -readonly [Key in keyof LeakTimes]: LeakTimes[Key] };

/** What other clients were given counts too: they report it here. */
export interface ObservedLeakClock extends LeakClock {
  observe(slug: string, at: number, body: string): void;
}

export function startLeakClock(oracle: OracleCase): ObservedLeakClock {
  const clock = createClock(oracle);
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(LONGEST_WATCH_MS)]);
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_OPEN });
  const slugs = oracle.grown.tenants.map((tenant) => tenant.slug);
  const open = new Set<Promise<void>>();
  let asked = 0;
  const askNext = (): void => {
    if (open.size >= MOST_OPEN) return;
    const slug = slugs[asked++ % slugs.length] ?? '';
    const options = { slug, agent, signal, userAgent: 'cafe-oracle', timeoutMs: PATIENCE_MS };
    const asking = ask(`${oracle.publicUrl}/api/menu`, options)
      .then((answer) => clock.answered(slug, answer))
      .catch(() => {})
      .finally(() => open.delete(asking));
    open.add(asking);
  };
  const timers = [setInterval(askNext, ASK_EVERY_MS), setInterval(clock.look, LOOK_EVERY_MS)];
  signal.addEventListener('abort', () => timers.forEach(clearInterval), { once: true });
  return {
    times: clock.times,
    observe: clock.observe,
    leaked: (until) => clock.when(() => clock.times().firstLeakAt !== undefined, until),
    contained: (until) => clock.when(() => clock.times().containedAt !== undefined, until),
    async [Symbol.asyncDispose]() {
      ended.abort();
      await Promise.all(open);
      agent.destroy();
    },
  };
}

function createClock(oracle: OracleCase) {
  const ownerOf = createOwners(oracle.grown);
  const times: Mutable = {
    startedAt: Date.now(),
    firstLeakAt: undefined,
    lastLeakAt: undefined,
    leakedAnswers: 0,
    noListenerAt: undefined,
    noConnectionAt: undefined,
    maintenanceSeenAt: undefined,
    containedAt: undefined,
  };
  const waiting = createWaiting();
  let maintenance = false;

  const observe = (slug: string, at: number, body: string): void => {
    const isForeign = ({ id }: { readonly id: string }) => {
      const owner = ownerOf(String(id));
      return owner !== undefined && owner !== slug;
    };
    if (readMenu(body)?.some(isForeign) !== true) return;
    times.firstLeakAt = Math.min(times.firstLeakAt ?? at, at);
    times.lastLeakAt = Math.max(times.lastLeakAt ?? at, at);
    times.leakedAnswers += 1;
    waiting.check();
  };
  const answered = (slug: string, { status, at, body, version }: Answer): void => {
    // The application's own 503 is no maintenance answer.
    maintenance = status === 503 && version === undefined;
    if (maintenance && times.firstLeakAt !== undefined) times.maintenanceSeenAt ??= at;
    if (status === 200) observe(slug, at, body);
  };
  const look = (): void => {
    if (times.firstLeakAt === undefined || times.containedAt !== undefined) return;
    const { listeners, established } = readPortUse(oracle.appPort);
    const now = Date.now();
    if (listeners === 0) times.noListenerAt ??= now;
    if (established === 0) times.noConnectionAt ??= now;
    if (listeners > 0 || established > 0 || !maintenance) return;
    times.containedAt = now;
    waiting.check();
  };
  const when = async (reached: () => boolean, signal: AbortSignal): Promise<LeakTimes> => {
    await waiting.until(reached, signal);
    return { ...times };
  };
  return { times: (): LeakTimes => ({ ...times }), observe, answered, look, when };
}

function createWaiting() {
  const checks = new Set<() => void>();
  const until = (reached: () => boolean, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (then: () => void): void => {
        checks.delete(check);
        signal.removeEventListener('abort', abort);
        then();
      };
      const abort = (): void => settle(() => reject(signal.reason));
      const check = (): void => {
        if (reached()) settle(resolve);
      };
      checks.add(check);
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      else check();
    });
  const check = (): void => {
    for (const one of [...checks]) one();
  };
  return { check, until };
}
