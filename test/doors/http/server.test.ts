import axios from 'axios';
import { expect, it } from 'vitest';
import { type Finding, openHttpDoor } from '../../../src/doors/http/server.ts';

const well: Finding = { ok: true, detail: 'well' };
const local = { host: '127.0.0.1', port: 0 };
const metrics = async () => ({ text: '# TYPE up gauge\nup 1\n', contentType: 'text/plain; version=0.0.4' });
const get = (url: string) => axios.get<unknown>(url, { validateStatus: null, proxy: false });

it('serves metrics as they are handed over, with their content type', async () => {
  await using door = await openHttpDoor({ settings: local, metrics, loopTurns: () => well, ready: () => well });
  const { data, headers } = await get(`${door.url}/metrics`);
  expect(data).toBe('# TYPE up gauge\nup 1\n');
  expect(headers['content-type']).toBe('text/plain; version=0.0.4');
});

it('tells health and readiness apart', async () => {
  const ready = async () => ({ ok: false, detail: 'the journal cannot be written' });
  await using door = await openHttpDoor({ settings: local, metrics, loopTurns: () => well, ready });
  expect(await get(`${door.url}/healthz`)).toMatchObject({ status: 200, data: well });
  expect(await get(`${door.url}/readyz`)).toMatchObject({
    status: 503,
    data: { ok: false, detail: 'the journal cannot be written' },
  });
});

it('turns red when the loop stands still', async () => {
  const loopTurns = () => ({ ok: false, detail: 'no look for 90s' });
  await using door = await openHttpDoor({ settings: local, metrics, loopTurns, ready: () => well });
  expect((await get(`${door.url}/healthz`)).status).toBe(503);
});

it('takes no command', async () => {
  await using door = await openHttpDoor({ settings: local, metrics, loopTurns: () => well, ready: () => well });
  const answer = await axios.post(`${door.url}/commands/rollback`, {}, { validateStatus: null, proxy: false });
  expect(answer.status).toBe(404);
});

it('names the port that is taken', async () => {
  await using door = await openHttpDoor({ settings: local, metrics, loopTurns: () => well, ready: () => well });
  const port = Number(new URL(door.url).port);
  const second = openHttpDoor({ settings: { ...local, port }, metrics, loopTurns: () => well, ready: () => well });
  await expect(second).rejects.toMatchObject({
    reason: 'http-door',
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
});
