import { describe, expect, it } from 'vitest';
import type { Ask } from '../../src/probes/ask.ts';
import { askHealth } from '../../src/probes/ask-health.ts';
import { probesOf } from './settings.ts';

const path = '$.database.connected';

async function told(status: number, body: unknown, databaseConnected: string | undefined = path) {
  const { health } = probesOf({
    unified: { health: { path: '/health', ...(databaseConnected && { databaseConnected }) } },
  }).unified;
  const ask: Ask = () => Promise.resolve({ answered: true, status, headers: {}, body, tookMs: 1 });
  return askHealth(ask, { baseUrl: 'http://a', health, timeoutMs: 1_000 }, new AbortController().signal);
}

describe('what a health answer says about the database', () => {
  it('is read whatever its status', async () => {
    expect(await told(200, { database: { connected: true } })).toMatchObject({ outcome: 'up', database: 'connected' });
    const sick = await told(503, { database: { connected: false } });
    expect(sick).toMatchObject({ outcome: 'down', database: 'disconnected' });
  });

  it('is nothing where it does not say so plainly, or is not asked for', async () => {
    for (const body of [{}, 'text', { database: { connected: 'yes' } }]) {
      expect(await told(200, body)).not.toHaveProperty('database');
    }
    expect(await told(200, { database: { connected: true } }, '')).not.toHaveProperty('database');
  });
});
