import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MongoReader } from '../../src/adapters/mongo/contract.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import { look, perform } from './perform.ts';
import { secrets } from './settings.ts';
import { openTarget } from './target.ts';
import { answered, documentsOf, type Target } from './target-state.ts';
import { answering, creates, login, menu, opens, probes, readByOthers, reading, runs } from './verify-stage.ts';

describe('verifying', () => {
  it('tests every tenant before traffic, lets the users in, and looks again through the balancer', async () => {
    using target = openTarget();
    runs(target);
    reading(target, (tenant) => [`cafe_${tenant}`]);
    expect(await perform(target, 'prove-database-in-use')).toEqual({ tenants: 2 });
    expect(await perform(target, 'functional-tests')).toMatchObject({ tenants: 2, documents: 4, logins: 0 });
    expect(await perform(target, 'enable-traffic')).toEqual({ status: 200 });
    expect(await perform(target, 'smoke-test')).toEqual({ tenants: 2, documents: 4 });
    expect(await perform(target, 'check-error-log')).toEqual({ errors: 0 });
    expect(await perform(target, 'check-response-time')).toEqual({ average: '5ms', slowest: '5ms' });
    target.state.staged = { folder: '/releases/run-1', commit: 'c0ffee' };
    expect(await perform(target, 'remove-staging')).toEqual({ staged: 'nothing' });
    expect(target.done).toEqual(['serve', 'unstage']);
  });

  it('names a staged folder that cannot be removed, and fails nothing because of it', async () => {
    using target = openTarget();
    const folder = join(target.settings.code.releases, 'run-1');
    mkdirSync(folder, { recursive: true });
    await expect(look(target, 'remove-staging')).rejects.toMatchObject({ reason: 'not-proven' });
    target.effects.unstage = () => Promise.reject(new Error('EACCES'));
    expect(await perform(target, 'remove-staging')).toEqual({ staged: `left behind: ${folder}` });
    target.effects.unstage = () => rmSync(folder, { recursive: true });
    expect(await perform(target, 'remove-staging')).toEqual({ staged: 'nothing' });
  });

  it('names what runs that never came so far have left, and does not touch it', async () => {
    using target = openTarget();
    target.state.stagedRuns = ['run-0', 'run-1'];
    const { releases } = target.settings.code;
    expect(await perform(target, 'remove-staging')).toEqual({ staged: 'nothing', earlierRuns: `${releases}/run-0` });
    expect(target.done).toEqual(['unstage']);
  });

  it('finds a document in the field of the database, whatever the answer calls its id', async () => {
    using target = openTarget(probes({}, [{ ...menu, idField: 'id', storedIdField: '_id' }]));
    runs(target);
    answering(target, ({ path, headers }) => {
      const shown = documentsOf(headers?.['x-tenant-slug'] ?? '').map(({ _id }) => ({ id: _id }));
      return path === '/api/menu' ? answered(200, shown) : undefined;
    });
    expect(await perform(target, 'functional-tests')).toMatchObject({ tenants: 2, documents: 4 });
  });

  it('asks nothing of a tenant that the legacy system never knew', async () => {
    const tenants = [{ slug: 'negoes' }, { slug: 'newcomer', legacyDatabase: 'none' as const }];
    const urls = { applicationUrl: 'http://127.0.0.1:5001', publicUrl: 'http://127.0.0.1:8080' };
    using target = openTarget({ target: { name: 'cafe', ...urls, tenants } });
    runs(target);
    target.state.maintenance = false;
    reading(target, (tenant) => {
      expect(tenant).toBe('negoes');
      return [`cafe_${tenant}`];
    });
    for (const action of ['functional-tests', 'prove-database-in-use', 'smoke-test', 'check-response-time'] as const)
      await perform(target, action);
  });

  it('looks again when somebody else disturbed the proof of the database', async () => {
    using target = openTarget();
    runs(target);
    let requests = 0;
    reading(target, (tenant) => (requests++ < 3 ? [`cafe_${tenant}`, 'cafe_v2'] : [`cafe_${tenant}`]));
    expect(await perform(target, 'prove-database-in-use')).toEqual({ tenants: 2 });
  });

  it('proves it beside a steady reader, which reads while nothing is asked as well', async () => {
    using target = openTarget();
    runs(target);
    reading(target, (tenant) => [`cafe_${tenant}`]);
    readByOthers(target, ['cafe_v2', 'cafe_negoes'], 3);
    expect(await perform(target, 'prove-database-in-use')).toEqual({ tenants: 2 });
  });

  it('proves it beside somebody who reads every database now and then', async () => {
    using target = openTarget();
    runs(target);
    reading(target, (tenant) => [`cafe_${tenant}`]);
    // Now and then, in the long pauses and not while the short question is put.
    readByOthers(target, ['cafe_v2', 'cafe_negoes', 'cafe_kopi'], 1, (look) => look % 6 === 2);
    expect(await perform(target, 'prove-database-in-use')).toEqual({ tenants: 2 });
  });

  it('takes no read of somebody else for the application’s, which answers out of a cache', async () => {
    using target = openTarget();
    runs(target);
    reading(target, () => []);
    readByOthers(target, ['cafe_negoes', 'cafe_kopi'], 1, (look) => look % 2 === 0);
    await expect(perform(target, 'prove-database-in-use')).rejects.toMatchObject({ reason: 'wrong-database' });
  });

  it('proves the legacy database in use without the unified server only where that one is another, and out of reach', async () => {
    const separate = { mongo: { unified: { host: '127.0.0.1', port: 27_018, database: 'cafe_v2' } } };
    for (const [settings, outcome] of [
      [separate, { tenants: 2, unified: 'not checked: gone' }],
      [{}, undefined],
    ] as const) {
      using target = openTarget(settings);
      runs(target);
      reading(target, (tenant) => [`cafe_${tenant}`]);
      const gone = () => Promise.reject(new RollbackdError('unreachable', 'gone'));
      Object.assign(target.world, { unified: { ...target.world.unified, activity: gone } });
      const proving = perform(target, 'prove-database-in-use');
      if (outcome) expect(await proving).toEqual(outcome);
      else await expect(proving).rejects.toMatchObject({ reason: 'unreachable' });
    }
  });

  it('waits for an application whose database was away a moment ago, and is connecting again', async () => {
    using target = openTarget();
    runs(target);
    reading(target, (tenant) => [`cafe_${tenant}`]);
    let refused = 0;
    answering(target, ({ path }) => (path === '/api/menu' && refused++ < 20 ? answered(500) : undefined));
    expect(await perform(target, 'prove-database-in-use')).toEqual({ tenants: 2 });
    refused = 0;
    expect(await perform(target, 'functional-tests')).toMatchObject({ tenants: 2 });
  });

  it('lets a request read a main database, which belongs to no tenant', async () => {
    const own = ['negoes', 'kopi'].map((tenant) => ({ name: `cafe_${tenant}`, tenant, policy: 'leave' as const }));
    using target = openTarget({ mongo: { legacyDatabases: [...own, { name: 'cafe_main', policy: 'leave' }] } });
    runs(target);
    reading(target, (tenant) => [`cafe_${tenant}`, 'cafe_main']);
    expect(await perform(target, 'prove-database-in-use')).toEqual({ tenants: 2 });
  });

  describe('a main database that tenants share', () => {
    const shared = {
      mongo: {
        legacyDatabases: [
          { name: 'cafe_negoes', tenant: 'negoes', policy: 'leave' as const },
          { name: 'cafe_main', tenantField: 'cafe', policy: 'leave' as const },
        ],
      },
    };
    const stored = [{ _id: 'n-1', cafe: 'negoes' }, { _id: 'k-1', cafe: 'kopi' }, { _id: 'unit' }];
    const holds = (target: Target) => {
      const matching = (filter: Record<string, unknown>) =>
        stored.filter((document: Record<string, unknown>) =>
          Object.entries(filter).every(([field, wanted]) =>
            (wanted as { $in: unknown[] }).$in.includes(document[field] ?? null),
          ),
        );
      const inMain = {
        find: async ({ database }, filter) => (database === 'cafe_main' ? matching(filter) : []),
      } satisfies Pick<MongoReader, 'find'>;
      const count: MongoReader['count'] = async ({ database }, filter) =>
        database === 'cafe_main' ? matching(filter).length : 0;
      Object.assign(target.world, { legacy: { ...target.world.legacy, ...inMain, count } });
    };
    const shows = (target: Target, ...shown: string[]) =>
      answering(target, ({ path, headers }) =>
        path === '/api/menu'
          ? answered(
              200,
              shown.map((id) => ({ _id: `${headers?.['x-tenant-slug'] === 'kopi' ? 'k' : 'n'}${id}` })),
            )
          : undefined,
      );

    it('is the one in use where a request of any tenant reads it, and no other tenant’s own', async () => {
      using target = openTarget(shared);
      runs(target);
      reading(target, () => ['cafe_main']);
      expect(await perform(target, 'prove-database-in-use')).toEqual({ tenants: 2 });
      using confused = openTarget(shared);
      runs(confused);
      reading(confused, () => ['cafe_main', 'cafe_negoes']);
      await expect(perform(confused, 'prove-database-in-use')).rejects.toThrow(
        'a request of kopi read cafe_main 1 times and cafe_v2 0 times and cafe_negoes 1 times',
      );
    });

    it('has the documents that a tenant is answered, under its name or nobody’s', async () => {
      using target = openTarget(shared);
      runs(target);
      holds(target);
      shows(target, '-1');
      expect(await perform(target, 'functional-tests')).toMatchObject({ tenants: 2, documents: 2 });
      answering(target, ({ path }) => (path === '/api/menu' ? answered(200, [{ _id: 'unit' }]) : undefined));
      expect(await perform(target, 'functional-tests')).toMatchObject({ tenants: 2, documents: 2 });
    });

    it.each([
      [
        [{ _id: 'k-1' }],
        'negoes: /api/menu answered 1 documents that are not those of negoes in cafe_negoes and cafe_main',
      ],
      [[], 'negoes: /api/menu answered nothing although cafe_main.menus holds documents of negoes'],
    ])('condemns an answer of %j', async (shown, message) => {
      using target = openTarget(shared);
      runs(target);
      holds(target);
      answering(target, ({ path }) => (path === '/api/menu' ? answered(200, shown) : undefined));
      await expect(perform(target, 'functional-tests')).rejects.toThrow(message);
    });
  });

  describe('where the legacy main database is the unified one', () => {
    const own = ['negoes', 'kopi'].map((tenant) => ({ name: `cafe_${tenant}`, tenant, policy: 'leave' as const }));
    const main = { name: 'cafe_v2', policy: 'merge' as const, collections: ['tenants'] };
    const shared = { mongo: { legacyDatabases: [...own, main] } };

    it('proves the legacy version by the tenant’s own database, beside the collections that both versions read', async () => {
      using target = openTarget(shared);
      runs(target);
      reading(target, (tenant) => [`cafe_${tenant}`, 'cafe_v2.tenants']);
      expect(await perform(target, 'prove-database-in-use')).toEqual({ tenants: 2 });
    });

    it.each([
      ['nothing but the merged collections', () => ['cafe_v2.tenants'], /read cafe_negoes 0 times/],
      [
        'a collection of the unified system’s own as well',
        (tenant: string) => [`cafe_${tenant}`, 'cafe_v2.tenants', 'cafe_v2.menus'],
        /cafe_v2 \(apart from tenants, which both versions read\) 1 times \(menus\)/,
      ],
    ])('takes reads of %s for no proof, and says what was read', async (_, databases, message) => {
      using target = openTarget(shared);
      runs(target);
      reading(target, databases);
      const found = { reason: 'wrong-database', message: expect.stringMatching(message) };
      await expect(perform(target, 'prove-database-in-use')).rejects.toMatchObject(found);
    });
  });

  it('logs in with what is configured, creates a document and deletes exactly that one', async () => {
    using target = openTarget(probes({ login, creates }));
    runs(target);
    const asked: string[] = [];
    opens(target, asked);
    expect(await perform(target, 'functional-tests')).toMatchObject({ logins: 1, created: 1, loginsInconclusive: 0 });
    expect(asked).toEqual([
      'POST /api/login {"email":"admin@negoes.example","password":"l0gin-pw","slug":"negoes"}',
      'POST /api/menu Bearer t0ken',
      'DELETE /api/menu/new%2F1 Bearer t0ken',
    ]);
  });

  it('deletes what an attempt that was killed before its DELETE left with a customer, before anything else', async () => {
    using target = openTarget(probes({ login, creates }));
    runs(target);
    const asked: string[] = [];
    opens(target, asked);
    const { ask } = target.world;
    const killed: typeof ask = (question, signal) =>
      question.method === 'DELETE' ? Promise.reject(new Error('killed')) : ask(question, signal);
    Object.assign(target.world, { ask: killed });
    await expect(perform(target, 'functional-tests')).rejects.toThrow('killed');
    const file = join(target.context().evidenceFolder, 'test-documents.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([
      { tenant: 'negoes', mark: expect.stringMatching(/^rbk/), id: 'new/1' },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    asked.length = 0;
    Object.assign(target.world, { ask });
    await perform(target, 'functional-tests');
    expect(asked.map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
      'POST /api/login',
      'DELETE /api/menu/new%2F1',
      'POST /api/login',
      'POST /api/menu',
      'DELETE /api/menu/new%2F1',
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it.each([
    ['deletes what was created by a POST whose answer nobody waited for', (name: unknown) => ({ name }), ['7'], 0],
    ['has nothing to delete where the POST was never sent', () => undefined, [], 0],
    [
      'names what mentions its mark otherwise than it was sent, and deletes nothing',
      (name: unknown) => ({ title: `x: ${name}`.toUpperCase() }),
      [],
      1,
    ],
  ])('%s', async (_, store, deleted, left) => {
    using target = openTarget(probes({ login, creates }));
    runs(target);
    const asked: string[] = [];
    opens(target, asked);
    const { ask } = target.world;
    const killed: typeof ask = (question, signal) => {
      if (question.method !== 'POST' || question.path !== creates.path) return ask(question, signal);
      const stored = store((question.body as { name: unknown }).name);
      if (stored)
        target.state.strays = {
          'cafe_negoes.menus': [
            { _id: 7, ...stored },
            { _id: 8, name: 'test' },
          ],
        };
      return Promise.reject(new Error('killed'));
    };
    Object.assign(target.world, { ask: killed });
    await expect(perform(target, 'functional-tests')).rejects.toThrow('killed');
    asked.length = 0;
    Object.assign(target.world, { ask });
    const { leftBehind = '' } = await perform(target, 'functional-tests');
    const removed = asked.filter((one) => one.startsWith('DELETE')).map((one) => one.split(' ')[1]);
    expect(removed).toEqual([...deleted.map((id) => `/api/menu/${id}`), '/api/menu/new%2F1']);
    expect(leftBehind).toMatch(left ? /^negoes: rbk[0-9a-f]{10} stands in menus 7$/ : /^$/);
    const file = join(target.context().evidenceFolder, 'test-documents.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(left);
  });

  it('deletes none of several documents with its mark, and goes on where it cannot look', async () => {
    using target = openTarget(probes({ login, creates }));
    runs(target);
    const asked: string[] = [];
    opens(target, asked);
    const file = join(target.context().evidenceFolder, 'test-documents.json');
    writeFileSync(file, JSON.stringify([{ tenant: 'negoes', mark: 'rbk1' }]));
    const marked = { name: 'test rbk1' };
    target.state.strays = {
      'cafe_negoes.menus': [{ _id: 7, ...marked }],
      'cafe_negoes.orders': [{ _id: 9, ...marked }],
    };
    expect(await perform(target, 'functional-tests')).toMatchObject({
      leftBehind: 'negoes: rbk1 stands in menus 7, orders 9',
    });
    Object.assign(target.world.legacy, { collectionNames: () => Promise.reject(new Error('too slow')) });
    expect(await perform(target, 'functional-tests')).toMatchObject({
      leftBehind: 'negoes: rbk1 could not be looked for',
    });
    expect(asked.filter((one) => one.startsWith('DELETE'))).toEqual(
      Array(2).fill('DELETE /api/menu/new%2F1 Bearer t0ken'),
    );
  });

  it('names a marked document that the application does not find as the tenant it was created for', async () => {
    using target = openTarget(probes({ login, creates }));
    runs(target);
    opens(target);
    const file = join(target.context().evidenceFolder, 'test-documents.json');
    writeFileSync(file, JSON.stringify([{ tenant: 'negoes', mark: 'rbk1' }]));
    target.state.strays = { 'cafe_negoes.menus': [{ _id: 7, name: 'test rbk1' }] };
    answering(target, ({ method, path }) => (method === 'DELETE' && path.endsWith('/7') ? answered(404) : undefined));
    expect(await perform(target, 'functional-tests')).toMatchObject({
      leftBehind: 'negoes: rbk1 stands in 7, which cannot be deleted as negoes',
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(1);
  });

  it('never deletes a document that it did not create, though a refusal names it', async () => {
    using target = openTarget(probes({ login, creates }));
    runs(target);
    const asked: string[] = [];
    opens(target, asked);
    answering(target, ({ method, path }) =>
      method === 'POST' && path === '/api/menu' ? answered(409, { _id: 'theirs' }) : undefined,
    );
    for (const _attempt of [1, 2]) {
      await expect(perform(target, 'functional-tests')).rejects.toThrow(/status 409/);
    }
    expect(asked.join()).not.toContain('DELETE');
  });

  it.each([
    ['takes one that is gone already for deleted', 404, undefined],
    ['fails while it cannot be deleted', 500, /test document 7 could not be deleted again/],
    ['fails while no login is to be had', 429, /negoes: a test document is left, and no login/],
  ])('%s when a test document is left', async (_, status, message) => {
    using target = openTarget(probes({ login, creates }));
    runs(target);
    opens(target);
    answering(target, ({ method, path }) =>
      path === (status === 429 ? '/api/login' : '/api/menu/7') && method !== undefined ? answered(status) : undefined,
    );
    const file = join(target.context().evidenceFolder, 'test-documents.json');
    writeFileSync(file, JSON.stringify([{ tenant: 'negoes', mark: 'rbk1', id: 7 }]));
    const testing = perform(target, 'functional-tests');
    if (message) await expect(testing).rejects.toThrow(message);
    else expect(await testing).toMatchObject({ created: 1 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveLength(message ? 1 : 0);
  });

  it('takes 429 at a login for inconclusive, not for a failure', async () => {
    using target = openTarget(probes({ login, creates }));
    runs(target);
    answering(target, ({ path }) => (path === '/api/login' ? answered(429) : undefined));
    expect(await perform(target, 'functional-tests')).toMatchObject({ logins: 0, loginsInconclusive: 1, created: 0 });
  });

  it('logs in as no more tenants than the sample says', async () => {
    const password = 'x';
    const tenants = ['a', 'b', 'c'].map((slug) => ({ slug, login: { email: slug, password } }));
    const urls = { applicationUrl: 'http://127.0.0.1:5001', publicUrl: 'http://127.0.0.1:8080' };
    const databases = tenants.map(({ slug }) => ({ name: `cafe_${slug}`, tenant: slug, policy: 'leave' as const }));
    using target = openTarget({
      target: { name: 'cafe', ...urls, tenants },
      mongo: { legacyDatabases: databases },
      ...probes({ login: { ...login, sample: 2 } }),
    });
    runs(target);
    opens(target);
    expect(await perform(target, 'functional-tests')).toMatchObject({ tenants: 3, logins: 2 });
  });

  it('does not judge by a route that is not trusted', async () => {
    using target = openTarget(probes({}, [menu, { ...menu, name: 'reports', list: '/api/reports', trusted: false }]));
    runs(target);
    answering(target, ({ path }) => (path === '/api/reports' ? answered(500) : undefined));
    expect(await perform(target, 'functional-tests')).toMatchObject({ documents: 4 });
  });

  it('sends the headers that a route asks for', async () => {
    using target = openTarget(probes({}, [{ ...menu, headers: { 'x-api-key': 'k' } }]));
    runs(target);
    answering(target, ({ headers }) => (headers?.['x-api-key'] === 'k' ? undefined : answered(401)));
    expect(await perform(target, 'functional-tests')).toMatchObject({ documents: 4 });
  });

  it('never says a password when a login fails', async () => {
    using target = openTarget(probes({ login }));
    runs(target);
    answering(target, ({ path, body }) => (path === '/api/login' ? answered(401, { echo: body }) : undefined));
    const failure = await perform(target, 'functional-tests').catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'negoes: login: status 401 without a token' });
    for (const secret of secrets) expect(JSON.stringify(failure) + String(failure)).not.toContain(secret);
  });

  it('takes no warning of Node for an error, whatever it names', async () => {
    using target = openTarget();
    target.state.errors = [
      "(node:77) Warning: Accessing non-existent property 'MongoError' of module exports inside circular dependency",
      '(Use `node --trace-warnings ...` to show where the warning was created)',
      '(node:77) [DEP0170] DeprecationWarning: The URL mongodb://a,b/x is invalid. Future versions will throw an error.',
    ];
    expect(await perform(target, 'check-error-log')).toEqual({ errors: 0 });
    target.state.errors.push('MongoError: it is really broken');
    await expect(perform(target, 'check-error-log')).rejects.toMatchObject({ reason: 'errors-in-log' });
  });

  it('tolerates as many errors in the log as the configuration does', async () => {
    using target = openTarget({ logs: { output: '/o', error: '/e', toleratedErrors: 1, errorPattern: 'ERR' } });
    target.state.errors = ['a warning', 'ERR one'];
    expect(await perform(target, 'check-error-log')).toEqual({ errors: 1 });
    target.state.errors.push('ERR two');
    await expect(perform(target, 'check-error-log')).rejects.toMatchObject({ reason: 'errors-in-log' });
    const file = join(target.context().evidenceFolder, 'errors.log');
    expect(readFileSync(file, 'utf8')).toBe('ERR one\nERR two\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
