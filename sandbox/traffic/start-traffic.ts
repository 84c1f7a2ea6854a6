import { Agent } from 'node:http';
import { ask } from './ask.ts';
import { createOrder } from './create-order.ts';
import type { Traffic, TrafficCounts, TrafficOptions } from './traffic.ts';

/** One request in so many is an order. */
const ORDER_EVERY = 10;
/** One in so many looks up the units: not often enough for the application to seem to fail where only they do. */
const UNITS_EVERY = 25;
const MOST_OPEN = 40;
const PATIENCE_MS = 35_000;

interface Tally {
  sent: number;
  failed: number;
  skipped: number;
  ordersWritten: number;
  readonly byStatus: Record<string, number>;
}

/** Asks for every tenant in turn; bounded in number, time and open requests. Nobody has to wait for it: it never rejects. */
export function startTraffic(options: TrafficOptions): Traffic {
  const tally: Tally = { sent: 0, failed: 0, skipped: 0, ordersWritten: 0, byStatus: {} };
  const ended = new AbortController();
  const signal = AbortSignal.any([
    ended.signal,
    AbortSignal.timeout(options.maximumMilliseconds ?? 30 * 60_000),
    ...(options.signal ? [options.signal] : []),
  ]);
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_OPEN });
  const open = new Set<Promise<void>>();
  const most = options.maximumRequests ?? 40_000;

  const tick = (): void => {
    if (tally.sent >= most) ended.abort();
    else if (open.size >= MOST_OPEN) {
      tally.skipped += 1;
    } else {
      const request = sendOne(options, tally, agent, signal).finally(() => open.delete(request));
      open.add(request);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const setRate = (requestsPerSecond: number): void => {
    clearInterval(timer);
    if (!signal.aborted) timer = setInterval(tick, 1_000 / requestsPerSecond);
  };
  setRate(options.requestsPerSecond ?? 20);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });

  const stop = async (): Promise<void> => {
    ended.abort();
    await Promise.all(open);
    agent.destroy();
  };
  return {
    counts: (): TrafficCounts => ({ ...tally, byStatus: { ...tally.byStatus } }),
    setRate,
    get running() {
      return !signal.aborted;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function sendOne(options: TrafficOptions, tally: Tally, agent: Agent, signal: AbortSignal): Promise<void> {
  const number = tally.sent;
  tally.sent += 1;
  const slug = options.slugs[number % options.slugs.length] ?? '';
  const path = pathOf(number, options.slugs.length);
  const body = path === orders ? createOrder(`traffic-${slug}-${Date.now()}-${number}`) : undefined;
  try {
    const url = `${options.publicUrl}${path}`;
    const answer = await ask(url, { agent, signal, slug, body, userAgent: 'cafe-traffic', timeoutMs: PATIENCE_MS });
    tally.byStatus[answer.status] = (tally.byStatus[answer.status] ?? 0) + 1;
    if (path === orders && answer.status === 201) tally.ordersWritten += 1;
    if (path === menu) options.onMenu?.({ slug, status: answer.status, at: answer.at, body: answer.body });
  } catch {
    if (!signal.aborted) tally.failed += 1;
  }
}

const menu = '/api/menu';
const orders = '/api/orders';

function pathOf(number: number, tenants: number): string {
  if (Math.floor(number / tenants) % ORDER_EVERY === ORDER_EVERY - 1) return orders;
  return number % UNITS_EVERY === UNITS_EVERY - 1 ? '/api/units' : menu;
}
