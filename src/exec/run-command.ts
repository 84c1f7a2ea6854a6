import { constants } from 'node:os';
import { type Clock, systemClock } from '../core/clock.ts';
import { RollbackdError } from '../core/errors.ts';
import { type ChildRecord, type Occasion, recordIn, unrecorded } from './child-record.ts';
import type { Command, CommandResult, RunCommand } from './contract.ts';
import { endGroup, type Patience } from './end-group.ts';
import { readStat } from './process-stat.ts';
import { type RunningChild, spawnChild } from './spawn-child.ts';

export interface RunCommandOptions {
  readonly clock?: Clock;
  /** Between SIGTERM and SIGKILL. */
  readonly killAfterMs?: number;
}

const KILL_AFTER_MS = 5_000;

/** For commands that change the world: each child is in the ledger before it exists, and carries the tag by which an orphan is found. */
export function createRunCommand(options: Occasion & RunCommandOptions): RunCommand {
  const patience = patienceOf(options);
  return (command, signal) => runChild(command, signal, patience, recordIn(options, command, patience.clock.now()));
}

/** For commands that only look. */
export function createReadOnlyCommand(options: RunCommandOptions = {}): RunCommand {
  const patience = patienceOf(options);
  return (command, signal) => runChild(command, signal, patience, unrecorded);
}

const patienceOf = ({ clock = systemClock, killAfterMs = KILL_AFTER_MS }: RunCommandOptions): Patience => ({
  clock,
  killAfterMs,
});

async function runChild(
  command: Command,
  signal: AbortSignal,
  patience: Patience,
  record: ChildRecord,
): Promise<CommandResult> {
  if (signal.aborted) throw aborted(command, signal);
  record.planned();
  const startedAt = patience.clock.monotonic();
  const child = await spawnRecorded(command, record);
  await introduce(child, record, patience);
  const end = await firstOf(child, command.timeoutMs, signal, patience.clock);
  // Also after an exit: what the program left running in its session would be on no record any more.
  if (!(await endGroup(child.pid, patience))) throw survived(command, child.pid);
  await child.outputEnded(patience.clock);
  const code = exitCodeOf(child);
  if (end === 'timed-out') {
    record.ended('timed-out', code);
    throw timedOut(command);
  }
  const killed = end === 'aborted' || child.signalCode() !== undefined;
  record.ended(killed ? 'killed' : 'exited', code);
  if (end === 'aborted') throw aborted(command, signal);
  return { exitCode: code, ...child.output(), tookMs: patience.clock.monotonic() - startedAt };
}

async function spawnRecorded(command: Command, record: ChildRecord): Promise<RunningChild> {
  try {
    return await spawnChild({ ...command, environment: { ...command.environment, ...record.environment } });
  } catch (error) {
    record.ended('never-started');
    throw error;
  }
}

/** A child that could not be written down must not run. */
async function introduce({ pid }: RunningChild, record: ChildRecord, patience: Patience): Promise<void> {
  try {
    record.started({ pid, startTime: readStat(pid)?.startTime ?? '' });
  } catch (error) {
    await endGroup(pid, patience);
    throw error;
  }
}

async function firstOf(
  child: RunningChild,
  timeoutMs: number,
  signal: AbortSignal,
  clock: Clock,
): Promise<'exited' | 'timed-out' | 'aborted'> {
  const over = new AbortController();
  const waiting = AbortSignal.any([signal, over.signal]);
  const timeLimit = clock.sleep(timeoutMs, waiting).then(
    () => 'timed-out' as const,
    () => 'aborted' as const,
  );
  try {
    return await Promise.race([child.exited.then(() => 'exited' as const), timeLimit]);
  } finally {
    over.abort();
  }
}

/** As a shell counts: 128 and the signal's number for a program that a signal ended. */
function exitCodeOf(child: RunningChild): number {
  const signalCode = child.signalCode();
  return signalCode === undefined ? child.exitCode() : 128 + constants.signals[signalCode];
}

const aborted = ({ program }: Command, signal: AbortSignal) =>
  new RollbackdError('aborted', `${program} was ended because its work was called off.`, { cause: signal.reason });

const timedOut = ({ program, timeoutMs }: Command) =>
  new RollbackdError('timed-out', `${program} was not done after ${timeoutMs} ms and was ended.`, {
    remedy: 'find out what it waits for; or raise its timeout in the configuration, and resume.',
  });

/** Stays open in the ledger, so that the next start looks for it again. */
const survived = ({ program }: Command, pid: number) =>
  new RollbackdError('timed-out', `${program} (process ${pid}, or what it started) is still there after SIGKILL.`, {
    remedy: `look at "ps -o pid,stat,wchan,user,args -s ${pid}" and end it by hand before going on.`,
  });
