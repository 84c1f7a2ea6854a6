import { describe, expect, it } from 'vitest';
import { type Fault, openCafe } from './cafe.ts';
import { create, journeying, login, readBack, told, writing } from './journeying.ts';

const untouched = [{ _id: '1' }];
const failing =
  (which: string, status: number): Fault =>
  ({ what }) =>
    what.startsWith(which) ? { status } : undefined;

async function written(fault?: Fault, journeys = [writing]) {
  const cafe = await openCafe(fault);
  const seen = told(await journeying({ publicUrl: cafe.url, journeys }).look());
  await cafe[Symbol.asyncDispose]();
  return { seen, menu: cafe.menuOf('kopi'), whats: cafe.whats() };
}

describe('a journey that writes', () => {
  it('reads back what it created, and takes exactly that away again', async () => {
    const { seen, menu, whats } = await written();
    expect(seen).toEqual({ journey: 'write', tenant: 'kopi', outcome: 'passed' });
    expect(menu).toEqual(untouched);
    expect(whats.slice(1)).toEqual(['POST /api/menu', 'GET /api/menu/item%2F2', 'DELETE /api/menu/item%2F2']);
  });

  it('takes it away also when a later step has failed', async () => {
    const { seen, menu } = await written(failing('GET', 500));
    expect(seen).toMatchObject({ outcome: 'failed', step: 'read back', reason: 'status 500' });
    expect(menu).toEqual(untouched);
  });

  it('takes it away also when it is stopped, and hears out what creates', async () => {
    const stopping = new AbortController();
    await using cafe = await openCafe(({ what }) => {
      if (what === 'POST /api/menu') stopping.abort(new Error('stopped'));
      return undefined;
    });
    const probe = journeying({ publicUrl: cafe.url, journeys: [writing], signal: stopping.signal });
    await expect(probe.look()).rejects.toThrow('stopped');
    expect(cafe.menuOf('kopi')).toEqual(untouched);
    expect(cafe.whats().at(-1)).toBe('DELETE /api/menu/item%2F2');
  });

  it('may delete it by itself: that it is gone then is as good', async () => {
    const remove = { ...readBack, name: 'delete', method: 'DELETE' as const, expectJson: {} };
    const headers = { Authorization: 'Bearer {token}' };
    const { seen, whats } = await written(undefined, [{ ...writing, steps: [login, create, { ...remove, headers }] }]);
    expect(seen).toMatchObject({ outcome: 'passed' });
    expect(whats.filter((what) => what.startsWith('DELETE'))).toHaveLength(2);
  });

  it('takes away the last first where it created several', async () => {
    const order = { ...create, name: 'create again', save: { other: '$._id' } };
    const undo = { path: '/api/menu/{other}', headers: { Authorization: 'Bearer {token}' } };
    const { menu, whats } = await written(undefined, [{ ...writing, steps: [login, create, { ...order, undo }] }]);
    expect(menu).toEqual(untouched);
    expect(whats.slice(-2)).toEqual(['DELETE /api/menu/item%2F3', 'DELETE /api/menu/item%2F2']);
  });

  it('never deletes by an id that stood in a refusal', async () => {
    const { seen, whats } = await written(({ what }) =>
      what === 'POST /api/menu' ? { status: 409, body: { _id: '1' } } : undefined,
    );
    expect(seen).toEqual(expect.objectContaining({ outcome: 'failed', step: 'create', reason: 'status 409' }));
    expect(whats.some((what) => what.startsWith('DELETE'))).toBe(false);
  });

  it.each<[string, Fault, string, string]>([
    ['it cannot be deleted', failing('DELETE', 500), 'create', 'create could not be undone (status 500)'],
    ['nobody knows its id', failing('POST /api/menu', 201), 'create', 'no $._id'],
    ['its creation ended in an error', failing('POST /api/menu', 500), 'create', 'status 500'],
  ])('fails where %s, and says by which word people find it', async (_, fault, step, reason) => {
    const { seen } = await written(fault);
    const said = expect.stringMatching(/; what has rbk[0-9a-f]{10} in it may be left behind$/);
    expect(seen).toMatchObject({ outcome: 'failed', step, reason: said });
    expect(JSON.stringify(seen)).toContain(reason);
  });

  it('says so beside what had failed before', async () => {
    const { seen } = await written(({ what }) => (what.includes('/api/menu/') ? { status: 500 } : undefined));
    const said = expect.stringMatching(/^status 500; create could not be undone \(status 500\); what has rbk/);
    expect(seen).toMatchObject({ outcome: 'failed', step: 'read back', reason: said });
  });

  it('is blindness, and no failure, where maintenance came in between; what is left is told', async () => {
    const headers = { 'x-rollbackd-maintenance': 'a1' };
    const { seen } = await written(({ what }) => (what.startsWith('DELETE') ? { status: 503, headers } : undefined));
    expect(seen).toMatch(
      /^write as kopi, create: create could not be undone \(the maintenance answer is shown\); what has/,
    );
  });

  it('tells what an attempt under an old login left, also when the next one passes', async () => {
    await using cafe = await openCafe();
    const headers = { Authorization: 'Bearer {token}' };
    const steps = [login, create, { ...readBack, headers }];
    const probe = journeying({ publicUrl: cafe.url, journeys: [{ ...writing, steps }] });
    expect(told(await probe.look())).toMatchObject({ outcome: 'passed' });
    // From now on the old login may create, and nothing else.
    cafe.fault = ({ what, token }) => (token === 'token-1' && !what.startsWith('POST') ? { status: 403 } : undefined);
    probe.pass(60_000);
    const seen = told(await probe.look());
    expect(cafe.whats().filter((what) => what === 'POST /api/menu')).toHaveLength(3);
    expect(seen).toMatchObject({
      outcome: 'failed',
      step: 'create',
      reason: expect.stringMatching(/^create could not be undone \(status 403\); what has rbk/),
    });
  });
});
