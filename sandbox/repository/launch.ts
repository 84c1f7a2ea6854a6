import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { appName } from '../cafe/write-cafe.ts';
import type { Pm2 } from '../servers/pm2.ts';
import { ask } from '../traffic/ask.ts';
import { createOrder } from '../traffic/create-order.ts';

const SERVES_WITHIN_MS = 30_000;
const POLL_MS = 50;
const ORDERS_A_TENANT = 2;

/** `variables` are exported where pm2's daemon is started: it keeps them for good. */
export async function launch(
  pm2: Pm2,
  ecosystemFile: string,
  url: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  await pm2.start(ecosystemFile, variables);
  await untilServing(url);
}

/** Waits until the café answers there, in whatever version. */
export async function untilServing(url: string): Promise<void> {
  const deadline = performance.now() + SERVES_WITHIN_MS;
  while (!(await serves(url))) {
    if (performance.now() > deadline) throw new Error(`The café does not serve at ${url} after ${SERVES_WITHIN_MS} ms`);
    await pause(POLL_MS);
  }
}

async function serves(url: string): Promise<boolean> {
  const asked = ask(`${url}/api/tenants`, { userAgent: 'cafe-sandbox', timeoutMs: 1_000 });
  return await asked.then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** What a rollback would lose: written through the unified application after the cut-over. */
export async function writeOrders(publicUrl: string, slugs: readonly string[]): Promise<number> {
  let written = 0;
  for (const slug of slugs) {
    for (let number = 1; number <= ORDERS_A_TENANT; number++) {
      const body = createOrder(`traffic-cutover-${slug}-${number}`);
      const { status } = await ask(`${publicUrl}/api/orders`, {
        slug,
        body,
        userAgent: 'cafe-traffic',
        timeoutMs: 10_000,
      });
      if (status !== 201) throw new Error(`An order of ${slug} was answered ${status}`);
      written += 1;
    }
  }
  return written;
}

export async function findLogs(pm2Home: string): Promise<{ readonly outLogs: string[]; readonly errorLogs: string[] }> {
  const folder = join(pm2Home, 'logs');
  const names = (await readdir(folder)).filter((name) => name.startsWith(appName)).sort();
  const those = (kind: string) => names.filter((name) => name.includes(`-${kind}`)).map((name) => join(folder, name));
  return { outLogs: those('out'), errorLogs: those('error') };
}
