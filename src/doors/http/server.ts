import Fastify, { type FastifyReply } from 'fastify';
import { RollbackdError } from '../../core/errors.ts';
import type { DoorsConfig } from '../schema.ts';

/** Whether something is as it should be, in words for whoever looks. */
export interface Finding {
  readonly ok: boolean;
  readonly detail: string;
}

export interface HttpDoorDependencies {
  readonly settings: DoorsConfig['http'];
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
  /** The loop that looks and decides still turns: where it does not, a supervisor should start the daemon anew. */
  readonly loopTurns: () => Finding;
  /** The journal can be written and the daemon is able to act: where not, people should look, and a restart helps nothing. */
  readonly ready: () => Finding | Promise<Finding>;
}

export interface HttpDoor extends AsyncDisposable {
  readonly url: string;
}

/** Read-only, for machines: takes no command. Errors: RollbackdError `http-door` where it cannot listen. */
export async function openHttpDoor({ settings, metrics, loopTurns, ready }: HttpDoorDependencies): Promise<HttpDoor> {
  const server = Fastify({ forceCloseConnections: true, bodyLimit: 1_024 });
  server.get('/metrics', async (_request, reply) => {
    const { text, contentType } = await metrics();
    return reply.header('content-type', contentType).send(text);
  });
  server.get('/healthz', (_request, reply) => answer(reply, loopTurns()));
  server.get('/readyz', async (_request, reply) => answer(reply, await ready()));
  const url = await server.listen(settings).catch(async (cause: unknown) => {
    await server.close();
    throw cannotListen(settings, cause);
  });
  return { url, [Symbol.asyncDispose]: async () => void (await server.close()) };
}

const answer = (reply: FastifyReply, finding: Finding) => reply.code(finding.ok ? 200 : 503).send(finding);

const cannotListen = ({ host, port }: DoorsConfig['http'], cause: unknown) =>
  new RollbackdError(
    'http-door',
    `cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : cause}`,
    {
      remedy: 'free the port, or choose another doors.http.port',
      cause,
    },
  );
