import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routeName } from '../../src/probes/route-name.ts';

describe('the name of a route', () => {
  it.each([
    ['/api/menu', 'GET /api/menu'],
    ['/api/menu/', 'GET /api/menu'],
    ['//api//menu', 'GET /api/menu'],
    ['/', 'GET /'],
    ['', 'GET /'],
    ['/api/menu/42', 'GET /api/menu/:id'],
    ['/api/menu/65f1a2b3c4d5e6f7a8b9c0d1/options', 'GET /api/menu/:id/options'],
    ['/api/orders/0b9cf1de-8a4c-4a53-9a0e-6a0e2f4bb4a1', 'GET /api/orders/:id'],
    ['/api/v2/menu', 'GET /api/v2/menu'],
    ['/api/menu/nasi-goreng-istimewa', 'GET /api/menu/nasi-goreng-istimewa'],
    [`/api/${'long-'.repeat(20)}`, 'GET /api/:id'],
  ])('of %s is %s', (path, name) => {
    expect(routeName('GET', path)).toBe(name);
  });

  it('is never long, whatever somebody asks for, and names itself', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 60 }), (parts) => {
        const name = routeName('GET', `/${parts.join('/')}`);
        expect(name.length).toBeLessThan(400);
        expect(routeName('GET', name.slice('GET '.length))).toBe(name);
      }),
    );
  });
});
