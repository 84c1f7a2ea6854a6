import { maintenanceHeader } from '../../../src/adapters/traffic/switch.ts';
import type { Ask, Question, Reply } from '../../../src/probes/ask.ts';
import { answerTo, knownTenant, Leaking, type ListRoute, listFor, oneFor } from './application.ts';
import { routes } from './cafe.ts';
import type { Logged } from './nginx.ts';
import { throughBalancer } from './nginx.ts';
import type { Dice } from './random.ts';
import type { HealthAnswer, World } from './world.ts';

export const applicationUrl = 'http://127.0.0.1:5001';
export const publicUrl = 'http://cafe.example';

interface Stage {
  world(): World;
  /** The application is stopped by rollbackd, and the balancer says so. */
  isStopped(): boolean;
  version(): 'unified' | 'legacy';
  /** The balancer writes down what went through it. */
  write(logged: Logged): void;
  readonly dice: Dice;
}

const silence = (why: 'timeout' | 'refused' | 'other', tookMs = 1): Reply => ({ answered: false, why, tookMs });
const says = (status: number, body: unknown, tookMs = 3, headers: Record<string, string> = {}): Reply => ({
  answered: true,
  status,
  headers,
  body,
  tookMs,
});

/** How rollbackd's own questions are answered, on the port and through the balancer. */
export function targetOf(stage: Stage): Ask {
  const leaking = new Leaking();
  return async (question) => {
    const world = stage.world();
    if (world.observer === 'without network') return silence('timeout', question.timeoutMs);
    const direct = question.baseUrl === applicationUrl;
    if (!direct && world.certificate === 'not trusted') return silence('other');
    if (!direct && world.balancer === 'down') return silence('refused');
    if (stage.isStopped())
      return direct ? silence('refused') : says(503, 'maintenance', 1, { [maintenanceHeader]: 'shown now' });
    if (!direct && world.balancer === 'page') return says(503, '<html>We are back at noon</html>');
    return atMost(
      question,
      question.path === '/health' || question.path === '/api/tenants'
        ? healthReply(question, direct, stage)
        : dataReply(question, direct, stage, leaking),
    );
  };
}

const atMost = ({ timeoutMs }: Question, reply: Reply): Reply =>
  reply.tookMs >= timeoutMs ? silence('timeout', timeoutMs) : reply;

function healthReply({ path, timeoutMs }: Question, direct: boolean, stage: Stage): Reply {
  const world = stage.world();
  if (stage.version() === 'legacy' && path === '/health') return says(404, '<html>');
  const own = direct ? world.health : world.healthThroughBalancer;
  if (own !== 'well') return apart(own, timeoutMs);
  if (world.application === 'gone' || world.application === 'starting')
    return direct ? silence('refused') : says(502, '<html>');
  if (world.application === 'hanging' || world.mongod === 'down') return silence('timeout', timeoutMs);
  const connected = world.databaseConnected && world.mongod !== 'login refused';
  const sick = world.application === 'failing' || world.mongod === 'login refused';
  const body = {
    success: !sick,
    status: sick ? 'unhealthy' : 'healthy',
    database: { connected, name: 'superkafe_v2' },
  };
  return says(sick ? 503 : 200, body);
}

function apart(answer: Exclude<HealthAnswer, 'well'>, timeoutMs: number): Reply {
  switch (answer) {
    case 'nothing':
      return silence('timeout', timeoutMs);
    case 'login page':
      return says(302, '', 2, { location: '/login' });
    case 'index page':
      return says(200, '<!doctype html><title>Kafe</title>');
    default:
      return says(answer, { success: false, status: 'unhealthy' });
  }
}

function dataReply(question: Question, direct: boolean, stage: Stage, leaking: Leaking): Reply {
  const world = stage.world();
  const tenant = question.headers?.['x-tenant-slug'] ?? '';
  const { list, id } = partsOf(question.path);
  const known = routes.find(({ route }) => route === `GET /api/${list}${id === undefined ? '' : '/:id'}`);
  const asked = { route: known?.route ?? `GET /api/${list}`, p95: known?.p95 ?? 200, tenant, refusals: [] };
  const answer = answerTo(asked, world, stage.dice);
  const body = bodyOf({ list, id, tenant, direct }, stage, leaking);
  const good = answer?.status === 200 && body.status !== 200 ? { ...answer, status: body.status } : answer;
  if (direct) {
    if (!good) return silence('refused');
    if (good.takes === 'never') return silence('timeout', question.timeoutMs);
    return says(good.status, good.status === 200 ? body.body : { success: false }, good.takes);
  }
  const through = throughBalancer(good, question.timeoutMs);
  stage.write({ method: 'GET', path: question.path, agent: 'rollbackd', tenant, ...through });
  return through.status === 499
    ? silence('timeout', through.takes)
    : says(through.status, through.status === 200 ? body.body : { success: false }, through.takes);
}

const partsOf = (path: string): { readonly list: ListRoute; readonly id: string | undefined } => {
  const [, , list, id] = path.split('?', 1)[0]?.split('/') ?? [];
  return { list: list === 'orders' || list === 'tables' ? list : 'menu', id };
};

interface DataAsked {
  readonly list: ListRoute;
  readonly id: string | undefined;
  readonly tenant: string;
  readonly direct: boolean;
}

function bodyOf(
  { list, id, tenant, direct }: DataAsked,
  stage: Stage,
  leaking: Leaking,
): { status: number; body: unknown } {
  const world = stage.world();
  if (world.listsWantLogin) return { status: 401, body: undefined };
  if (tenant === '') return { status: 400, body: undefined };
  if (!knownTenant(tenant)) return { status: 404, body: undefined };
  const shown = leaking.shown(world.leaks, { tenant, route: list, on: id === undefined ? 'list' : 'one', direct });
  if (id === undefined) return { status: 200, body: listFor(list, tenant, world, shown) };
  return shown[0] ? { status: 200, body: oneFor(id, shown[0], world) } : { status: 404, body: undefined };
}
