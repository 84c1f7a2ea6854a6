import { MongoNetworkError, MongoServerError, MongoServerSelectionError, MongoTopologyClosedError } from 'mongodb';
import { RollbackdError } from '../../core/errors.ts';
import { redact } from '../../core/redaction.ts';

export type MongoFault = 'unreachable' | 'login-refused' | 'operation-failed';

export class MongoConnectionError extends RollbackdError<MongoFault> {}

const REFUSED_CODES = new Set<unknown>([11, 18]);
const UNAUTHORIZED = 13;
/** The server is going down, or is not, or not yet again, the one that takes writes: it answers, but that will pass. */
const LEAVING_CODES = new Set<unknown>([91, 11_600, 189, 10_107, 11_602, 13_435, 13_436]);

interface Circumstances {
  /** `host:port`, for people. */
  readonly address: string;
  readonly loggedIn: boolean;
  readonly deadline: AbortSignal;
  readonly timeoutMs: number;
}

/** What the driver threw, as one of three things that call for different answers. */
export function mongoFault(thrown: unknown, circumstances: Circumstances): MongoConnectionError {
  if (thrown instanceof MongoConnectionError) return thrown;
  const { address, deadline, timeoutMs } = circumstances;
  const said = redact(thrown instanceof Error ? thrown.message : String(thrown));
  if (isRefusal(thrown, circumstances)) {
    return new MongoConnectionError('login-refused', `MongoDB at ${address} refuses the login: ${said}`, {
      remedy: 'check user, password and authSource in the configuration against the users of the server',
      cause: thrown,
    });
  }
  if (deadline.aborted || isUnreachable(thrown)) {
    const what = deadline.aborted ? `did not answer within ${timeoutMs} ms` : `cannot be reached: ${said}`;
    return new MongoConnectionError('unreachable', `MongoDB at ${address} ${what}`, {
      remedy: 'check that mongod runs and answers, and that host, port and TLS in the configuration are right',
      cause: thrown,
    });
  }
  return new MongoConnectionError('operation-failed', `MongoDB at ${address}: ${said}`, { cause: thrown });
}

function isRefusal(thrown: unknown, { loggedIn }: Circumstances): boolean {
  const code = answerBehind(thrown)?.code;
  return REFUSED_CODES.has(code) || (code === UNAUTHORIZED && !loggedIn);
}

/** Of several questions at once the server answers one; the others hear from the driver, which clears its pool or gives the server up. */
function answerBehind(thrown: unknown): MongoServerError | undefined {
  if (thrown instanceof MongoServerError) return thrown;
  return thrown instanceof Error && thrown.cause !== undefined ? answerBehind(thrown.cause) : undefined;
}

function isUnreachable(thrown: unknown): boolean {
  if (thrown instanceof MongoServerError) return LEAVING_CODES.has(thrown.code);
  return (
    thrown instanceof MongoNetworkError ||
    thrown instanceof MongoServerSelectionError ||
    // The first connection failed while this question waited for it.
    thrown instanceof MongoTopologyClosedError ||
    // Not exported by the driver: all connections hang in earlier questions.
    (thrown instanceof Error && thrown.name === 'MongoWaitQueueTimeoutError')
  );
}
