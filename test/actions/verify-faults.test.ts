import { eachFails } from './table.ts';
import { answered, documentsOf } from './target-state.ts';
import { answering, creates, login, opens, probes, readByOthers, reading, runs } from './verify-stage.ts';

const failed = 'functional-test-failed';

eachFails(
  [
    {
      action: 'prove-database-in-use',
      when: 'a request reads the unified database',
      spoil: (target) => reading(target, () => ['cafe_v2']),
      reason: 'wrong-database',
      message: /negoes read cafe_negoes 0 times and cafe_v2 1 times/,
    },
    {
      action: 'prove-database-in-use',
      when: 'a request reads both',
      spoil: (target) => reading(target, (tenant) => ['cafe_v2', `cafe_${tenant}`]),
      reason: 'wrong-database',
      message: /cafe_v2 1 times/,
    },
    {
      action: 'prove-database-in-use',
      when: 'a request reads another tenant’s database besides its own',
      spoil: (target) => reading(target, (tenant) => [`cafe_${tenant}`, 'cafe_kopi']),
      reason: 'wrong-database',
      message: /negoes read cafe_negoes 1 times and cafe_v2 0 times and cafe_kopi 1 times/,
    },
    {
      action: 'prove-database-in-use',
      when: 'a request reads neither, from a cache',
      spoil: (target) => reading(target, () => []),
      reason: 'wrong-database',
      message: /read cafe_negoes 0 times and cafe_v2 0 times/,
    },
    {
      action: 'prove-database-in-use',
      when: 'one tenant is served from another one’s database',
      spoil: (target) => reading(target, () => ['cafe_negoes']),
      reason: 'wrong-database',
      message: /request of kopi read cafe_kopi 0 times/,
    },
    {
      action: 'prove-database-in-use',
      when: 'a request reads the unified database, and so does somebody else',
      spoil: (target) => {
        reading(target, (tenant) => ['cafe_v2', `cafe_${tenant}`]);
        readByOthers(target, ['cafe_v2'], 3);
      },
      reason: 'wrong-database',
      message: /others read cafe_v2 \d+ times\. Clients of the server: exporter from 10\.0\.0\.5/,
    },
    {
      action: 'prove-database-in-use',
      when: 'the application reads elsewhere, and only somebody else reads the tenant’s own',
      spoil: (target) => {
        reading(target, () => []);
        readByOthers(target, ['cafe_negoes'], 3);
      },
      reason: 'wrong-database',
      message: /others read cafe_negoes \d+ times/,
    },
    {
      action: 'prove-database-in-use',
      when: 'somebody reads so much that nothing can be told',
      spoil: (target) => {
        reading(target, (tenant) => [`cafe_${tenant}`]);
        readByOthers(target, ['cafe_v2'], 50);
      },
      reason: 'wrong-database',
      message: /others read cafe_v2/,
    },
    {
      action: 'prove-database-in-use',
      when: 'no route is trusted',
      settings: probes({}, []),
      spoil: () => {},
      reason: 'refused',
      message: /no trusted route/,
    },
    {
      action: 'functional-tests',
      when: 'a tenant gets documents that are not in its database',
      spoil: (target) =>
        answering(target, ({ path }) => (path === '/api/menu' ? answered(200, documentsOf('kopi')) : undefined)),
      reason: failed,
      message: /negoes: \/api\/menu answered 2 documents that are not those of negoes in cafe_negoes/,
    },
    {
      action: 'functional-tests',
      when: 'a tenant gets nothing although its database holds something',
      spoil: (target) => answering(target, ({ path }) => (path === '/api/menu' ? answered(200, []) : undefined)),
      reason: failed,
      message: /answered nothing although cafe_negoes\.menus holds documents/,
    },
    {
      action: 'functional-tests',
      when: 'one tenant is answered with an error',
      spoil: (target) =>
        answering(target, ({ headers }) => (headers?.['x-tenant-slug'] === 'kopi' ? answered(500) : undefined)),
      reason: failed,
      message: /kopi: \/api\/menu: status 500/,
    },
    {
      action: 'functional-tests',
      when: 'a login gives no token',
      settings: probes({ login }),
      spoil: (target) => answering(target, ({ path }) => (path === '/api/login' ? answered(200, {}) : undefined)),
      reason: failed,
      message: /login: status 200 without a token/,
    },
    {
      action: 'functional-tests',
      when: 'nothing can be created',
      settings: probes({ login, creates }),
      spoil: (target) => {
        opens(target);
        answering(target, ({ path, method }) =>
          path === '/api/menu' && method === 'POST' ? answered(403) : undefined,
        );
      },
      reason: failed,
      message: /POST \/api\/menu: status 403/,
    },
    {
      action: 'functional-tests',
      when: 'a document was created, but its id is not said',
      settings: probes({ login, creates }),
      spoil: (target) => {
        opens(target);
        answering(target, ({ path, method }) =>
          path === '/api/menu' && method === 'POST' ? answered(201) : undefined,
        );
      },
      reason: failed,
      message: /status 201 without an id/,
    },
    {
      action: 'functional-tests',
      when: 'the created document cannot be deleted again',
      settings: probes({ login, creates }),
      spoil: (target) => {
        opens(target);
        answering(target, ({ method }) => (method === 'DELETE' ? answered(500) : undefined));
      },
      reason: failed,
      message: /test document new\/1 could not be deleted/,
    },
    {
      action: 'enable-traffic',
      when: 'the balancer ends well and goes on showing maintenance',
      spoil: ({ effects }) => void Object.assign(effects, { serve: () => {} }),
      reason: 'not-proven',
      message: /still shows maintenance/,
    },
    {
      action: 'enable-traffic',
      when: 'the balancer is told but answers with maintenance',
      spoil: (target) => {
        target.answer = () => answered(503);
      },
      reason: 'not-proven',
      message: /through the balancer, .*: status 503/,
    },
    {
      action: 'smoke-test',
      when: 'one tenant is not answered through the balancer',
      spoil: (target) => {
        target.state.maintenance = false;
        answering(target, ({ headers }) =>
          headers?.['x-tenant-slug'] === 'kopi' ? ({ answered: false, why: 'timeout', tookMs: 1 } as never) : undefined,
        );
      },
      reason: failed,
      message: /kopi: \/api\/menu: timeout/,
    },
    {
      action: 'check-error-log',
      when: 'the application complains',
      spoil: ({ state }) => void state.errors.push('MongoServerError: not allowed'),
      reason: 'errors-in-log',
      message: /^1 errors in \/var\/log\/cafe-error\.log since the start: see \/.*\/errors\.log$/,
    },
    {
      action: 'check-response-time',
      when: 'the average is above the limit',
      spoil: (target) => {
        let count = 0;
        target.answer = () => answered(200, [], count++ === 0 ? 2_000 : 10);
      },
      reason: 'too-slow',
      message: /209ms on average, 100ms is the limit/,
    },
    {
      action: 'check-response-time',
      when: 'a request fails quickly',
      spoil: (target) => {
        target.answer = () => answered(404);
      },
      reason: failed,
      message: /status 404/,
    },
  ],
  runs,
);
