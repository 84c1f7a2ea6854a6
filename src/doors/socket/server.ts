import Fastify, { type FastifyInstance } from 'fastify';
import { ZodError, z } from 'zod';
import { type CommandName, catalogue } from '../../commands/catalogue.ts';
import type { Caller, CommandContext } from '../../commands/context.ts';
import { status } from '../../commands/status/status.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import { RollbackdError } from '../../core/errors.ts';
import type { JournalEvent } from '../../model/event.ts';
import { recordIncident } from '../../report/record-incident.ts';
import type { DoorsConfig, PeopleConfig } from '../schema.ts';
import { groupId } from './group.ts';
import { createNonceOffice, type NonceOffice } from './nonce.ts';
import { prepareNonceFolder } from './nonce-folder.ts';
import { findPlace } from './place.ts';
import { type Failure, nonceHeader, type Order } from './wire.ts';

export interface SocketDoorDependencies {
  readonly settings: DoorsConfig['socket'];
  /** Asked anew for every command, so that a reload counts at once. */
  readonly context: () => CommandContext;
  readonly people: () => PeopleConfig;
  /** The whole journal. */
  readonly events: () => Iterable<JournalEvent>;
  readonly clock?: Pick<Clock, 'now' | 'monotonic'>;
}

export interface SocketDoor extends AsyncDisposable {
  readonly path: string;
  /** What an operator should know about its surroundings. */
  readonly warnings: readonly string[];
}

/** Listens until it is disposed of. Errors: RollbackdError `nonce-folder`, `group-unknown`, `socket-held`, `socket-path`. */
export async function openSocketDoor(dependencies: SocketDoorDependencies): Promise<SocketDoor> {
  const { settings, clock = systemClock } = dependencies;
  const gid = settings.group === undefined ? undefined : await groupId(settings.group);
  const warnings = await prepareNonceFolder(settings.nonceFolder);
  const place = await findPlace(settings.path);
  const server = Fastify({ forceCloseConnections: true, bodyLimit: 65_536 });
  addRoutes(server, dependencies, createNonceOffice(settings.nonceFolder, clock));
  try {
    await server.listen({ path: place.temporary });
    await place.occupy(gid);
  } catch (error) {
    await server.close();
    throw error;
  }
  return {
    path: settings.path,
    warnings,
    [Symbol.asyncDispose]: async () => {
      await place.leave();
      await server.close();
    },
  };
}

function addRoutes(server: FastifyInstance, dependencies: SocketDoorDependencies, office: NonceOffice): void {
  server.setErrorHandler((error, _request, reply) => reply.code(statusCode(error)).send(failureOf(error)));
  server.get('/status', () => status(dependencies.context()));
  server.get('/decision-record', ({ query }) =>
    recordIncident(dependencies.events(), whichIncident.parse(query).incident),
  );
  server.post('/challenge', () => office.challenge());
  server.post<{ Params: { name: string } }>('/commands/:name', async ({ params, body, headers }) => {
    const order: Order = { name: params.name, args: body ?? {} };
    const { harmless, execute } = commandNamed(order.name).prepare(order.args);
    const proof = z.string().optional().parse(headers[nonceHeader]);
    const caller =
      harmless && proof === undefined ? nobody : await provenCaller(dependencies.people(), office, { proof, order });
    return execute(dependencies.context(), caller);
  });
}

const whichIncident = z.object({ incident: z.string().optional() });

const nobody: Caller = { name: 'somebody', roles: [], via: 'cli' };

async function provenCaller(
  people: PeopleConfig,
  office: NonceOffice,
  { proof = '', order }: { proof: string | undefined; order: Order },
): Promise<Caller> {
  const uid = await office.redeem(proof, order);
  const known = people.find((person) => person.uid === uid);
  return { name: known?.name ?? `uid ${uid}`, roles: known?.roles ?? [], uid, via: 'cli' };
}

function commandNamed(name: string) {
  if (Object.hasOwn(catalogue, name)) return catalogue[name as CommandName];
  throw new RollbackdError('unknown-command', `there is no command ${name}`);
}

const codes: Readonly<Record<string, number>> = {
  unproven: 401,
  'not-authorised': 403,
  'unknown-command': 404,
  'no-incident': 404,
};

function statusCode(error: unknown): number {
  if (error instanceof RollbackdError) return codes[error.reason] ?? 409;
  if (error instanceof ZodError) return 400;
  // Fastify's own: the request was no request.
  const own = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  return own >= 400 ? own : 500;
}

/** Each with the argument that it is about. */
const inWords = ({ issues }: ZodError): string =>
  issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join('; ');

function failureOf(error: unknown): Failure {
  if (error instanceof RollbackdError) {
    const { reason, message, remedy } = error;
    return { error: { reason, message, ...(remedy !== undefined && { remedy }) } };
  }
  if (error instanceof ZodError) return { error: { reason: 'bad-arguments', message: inWords(error) } };
  const reason = statusCode(error) < 500 ? 'bad-request' : 'internal';
  return { error: { reason, message: error instanceof Error ? error.message : String(error) } };
}
