import { describe, expect, it } from 'vitest';
import type { Logged } from './nginx.ts';
import { Dice } from './random.ts';
import { applicationUrl, publicUrl, targetOf } from './target.ts';
import { type World, wellWorld } from './world.ts';

const signal = new AbortController().signal;

function ask(world: Partial<World>, baseUrl: string, path: string, tenant = 'negoes') {
  const written: Logged[] = [];
  const target = targetOf({
    world: () => ({ ...wellWorld, ...world }),
    isStopped: () => false,
    version: () => 'unified',
    write: (logged) => written.push(logged),
    dice: new Dice('a target'),
  });
  const reply = target({ baseUrl, path, headers: { 'x-tenant-slug': tenant }, timeoutMs: 5_000 }, signal);
  return reply.then((said) => ({ said, written }));
}

const owners = (said: Awaited<ReturnType<typeof ask>>['said']) => (said.answered ? JSON.stringify(said.body) : '');

describe('the pretend target', () => {
  it('answers a tenant its own documents on the port, and through the balancer writes the question down', async () => {
    const direct = await ask({}, applicationUrl, '/api/menu');
    expect(direct.said).toMatchObject({ answered: true, status: 200 });
    expect(owners(direct.said)).toContain('negoes-menu-0');
    expect(direct.written).toEqual([]);
    const through = await ask({}, publicUrl, '/api/menu');
    expect(through.written).toMatchObject([{ agent: 'rollbackd', status: 200, path: '/api/menu', tenant: 'negoes' }]);
  });

  it("shows what the balancer's cache leaks through the balancer only", async () => {
    const leaks = [{ as: 'negoes', of: 'kopi', route: 'menu', on: 'list', from: 'cache of the balancer' } as const];
    expect(owners((await ask({ leaks }, applicationUrl, '/api/menu')).said)).not.toContain('kopi-menu-0');
    expect(owners((await ask({ leaks }, publicUrl, '/api/menu')).said)).toContain('kopi-menu-0');
  });

  it('refuses on the port and answers 502 through the balancer while there is no process', async () => {
    expect((await ask({ application: 'gone' }, applicationUrl, '/health')).said).toMatchObject({ why: 'refused' });
    expect((await ask({ application: 'gone' }, publicUrl, '/health')).said).toMatchObject({ status: 502 });
  });

  it('answers nothing in time while it hangs', async () => {
    expect((await ask({ application: 'hanging' }, applicationUrl, '/api/orders')).said).toMatchObject({
      why: 'timeout',
    });
    expect((await ask({ application: 'hanging' }, publicUrl, '/api/orders')).said).toMatchObject({ why: 'timeout' });
  });
});
