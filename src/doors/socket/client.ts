import { chmod, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { z } from 'zod';
import type { CommandName } from '../../commands/catalogue.ts';
import { commandResult } from '../../commands/result.ts';
import { type RollbackResult, rollbackResult } from '../../commands/rollback-result.ts';
import { type StatusView, statusView } from '../../commands/status/view.ts';
import { RollbackdError } from '../../core/errors.ts';
import { type DecisionRecord, decisionRecord } from '../../report/decision-record.ts';
import { challenge, failure, nonceHeader, type Order, proofText } from './wire.ts';

export type { RollbackResult } from '../../commands/rollback-result.ts';
export type { IncidentView, RunView, StatusView, StepView } from '../../commands/status/view.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** Speaks with a running daemon. Errors: RollbackdError with the daemon's own reason, or `not-running`, `no-access`, `strange-answer`. */
export type RollbackOrder = {
  readonly dryRun: boolean;
  readonly reason?: string;
  readonly replaceLive?: boolean;
  readonly takeOver?: boolean;
};

export interface SocketClient {
  status(): Promise<StatusView>;
  /** Of one incident, or of the newest. */
  explain(incident?: string): Promise<DecisionRecord>;
  /** As the Unix user that this process runs as. */
  command(name: Exclude<CommandName, 'rollback'>, args: Arguments): Promise<z.infer<typeof commandResult>>;
  rollback(args: RollbackOrder): Promise<RollbackResult>;
}

const quick = 10_000;

export function connectTo(socketPath: string, signal: AbortSignal): SocketClient {
  // Proxies of the environment are for the network, and an answer of any status is an answer.
  const http = axios.create({ socketPath, baseURL: 'http://rollbackd', proxy: false, validateStatus: null, signal });
  const ask = <S extends z.ZodType>(schema: S, call: () => Promise<AxiosResponse<unknown>>) =>
    understood(schema, socketPath, call);
  const proven = <S extends z.ZodType>(schema: S, name: CommandName, args: Arguments) =>
    prove(http, { socketPath, order: { name, args } }, (headers) =>
      ask(schema, () => http.post(`/commands/${name}`, args, { headers })),
    );
  return {
    status: () => ask(statusView, () => http.get('/status', { timeout: quick })),
    explain: (incident) => ask(decisionRecord, () => http.get('/decision-record', { params: { incident } })),
    command: (name, args) => proven(commandResult, name, args),
    rollback: (args) =>
      args.dryRun
        ? ask(rollbackResult, () => http.post('/commands/rollback', args))
        : proven(rollbackResult, 'rollback', args),
  };
}

/** Creates the file that the daemon asks for: its owner is who we are, and it says what we order. */
async function prove<T>(
  http: AxiosInstance,
  { socketPath, order }: { readonly socketPath: string; readonly order: Order },
  give: (headers: Record<string, string>) => Promise<T>,
): Promise<T> {
  const { nonce, file } = await understood(challenge, socketPath, () =>
    http.post('/challenge', {}, { timeout: quick }),
  );
  if (basename(file) !== nonce) throw strange(socketPath, 'it asks for a file that is no proof');
  await writeProof(file, proofText(nonce, order)).catch((cause: unknown) => {
    throw new RollbackdError('no-access', `the proof of who you are cannot be written to ${file}`, {
      remedy: 'let doors.socket.nonceFolder be a folder with mode 1733 whose parents may be entered by you',
      cause,
    });
  });
  try {
    return await give({ [nonceHeader]: nonce });
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

/** Readable by the daemon, whoever that runs as, and written by nobody else, whatever the umask says. */
async function writeProof(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  await chmod(file, 0o644);
}

async function understood<S extends z.ZodType>(
  schema: S,
  socketPath: string,
  call: () => Promise<AxiosResponse<unknown>>,
): Promise<z.output<S>> {
  const { status, data } = await call().catch((error: unknown) => {
    throw unreached(socketPath, error);
  });
  const failed = failure.safeParse(data);
  if (failed.success) {
    const { reason, message, remedy } = failed.data.error;
    throw new RollbackdError(reason, message, remedy === undefined ? {} : { remedy });
  }
  const answer = schema.safeParse(data);
  if (answer.success) return answer.data;
  throw strange(socketPath, `HTTP ${status}, ${z.prettifyError(answer.error).split('\n')[0]}`);
}

const strange = (socketPath: string, what: string) =>
  new RollbackdError('strange-answer', `what listens at ${socketPath} does not answer like rollbackd: ${what}`, {
    remedy: 'see that the daemon and this command have the same version',
  });

function unreached(socketPath: string, error: unknown): RollbackdError {
  const code = axios.isAxiosError(error) ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return new RollbackdError('not-running', `rollbackd is not running: nothing listens at ${socketPath}`, {
      remedy: 'start it with `rollbackd run`, or name its socket with --socket',
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new RollbackdError('no-access', `you may not open ${socketPath}`, {
      remedy: 'become a member of the group that doors.socket.group names',
    });
  }
  const what = error instanceof Error ? error.message : String(error);
  return new RollbackdError('no-answer', `no answer from ${socketPath}: ${what}`, { cause: error });
}
