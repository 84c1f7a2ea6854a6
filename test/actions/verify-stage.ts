import type { Question } from '../../src/probes/ask.ts';
import { answered, online, type Target } from './target-state.ts';

export const runs = ({ state }: Target) => {
  state.processes = [online({ pid: 200 })];
  state.maintenance = true;
};

/** What a request is answered, unless the function leaves it to the well café. */
export const answering = (target: Target, special: (question: Question) => ReturnType<typeof answered> | undefined) => {
  const well = target.answer;
  target.answer = (question) => special(question) ?? well(question);
};

/** Each request reads the databases, or collections of them (`cafe_v2.menus`), that the function names for its tenant. */
export const reading = (target: Target, databases: (tenant: string) => readonly string[]) =>
  answering(target, ({ headers = {} }) => {
    const { activity } = target.state;
    const reads: Record<string, number> = { ...activity.reads };
    const readsWithin = structuredClone(activity.readsWithin) as Record<string, Record<string, number>>;
    for (const name of databases(headers['x-tenant-slug'] ?? '')) {
      const [database = '', collection = 'menus'] = name.split('.');
      reads[database] = (reads[database] ?? 0) + 1;
      readsWithin[database] ??= {};
      readsWithin[database][collection] = (readsWithin[database][collection] ?? 0) + 1;
    }
    target.state.activity = { ...activity, reads, readsWithin };
    return undefined;
  });

/** Somebody else reads these databases so often before every look (or some of them), whether anything is asked or not. */
export const readByOthers = (
  target: Target,
  databases: readonly string[],
  times: number,
  when = (_look: number) => true,
) => {
  const { legacy } = target.world;
  const { activity } = legacy;
  let looks = 0;
  const read: typeof activity = (signal) => {
    looks += 1;
    if (!when(looks)) return activity(signal);
    const reads: Record<string, number> = { ...target.state.activity.reads };
    for (const name of databases) reads[name] = (reads[name] ?? 0) + times;
    target.state.activity = { ...target.state.activity, reads };
    return activity(signal);
  };
  // One reader for both servers: the legacy look comes first.
  Object.assign(target.world, { legacy: { ...legacy, activity: read }, unified: { ...legacy, activity } });
};

export const login = { path: '/api/login', body: { email: '{email}', password: '{password}', slug: '{tenant}' } };
export const creates = { path: '/api/menu', body: { name: 'test' }, markIn: 'name', delete: '/api/menu/{id}' };
export const menu = { name: 'menu', list: '/api/menu', collection: 'menus', trusted: true };
export const legacy = { health: { path: '/api/tenants' }, routes: [menu] };
export const probes = (more: object, routes: object[] = [menu]) => ({
  probes: { unified: { health: { path: '/health' } }, legacy: { ...legacy, routes: routes as [], ...more } },
});

/** Logs everyone in, and lets a document be created and deleted again. */
export const opens = (target: Target, asked: string[] = []) =>
  answering(target, ({ method, path, body, headers }) => {
    if (method === undefined) return undefined;
    asked.push(`${method} ${path} ${headers?.authorization ?? JSON.stringify(body)}`);
    if (path === '/api/login') return answered(200, { token: 't0ken' });
    return method === 'POST' ? answered(201, { _id: 'new/1' }) : answered(204);
  });
