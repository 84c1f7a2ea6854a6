import { join } from 'node:path';
import axios from 'axios';
import { type Answer, type DaemonProcess, rollbackd, startDaemonProcess } from '../../sandbox/demo/program.ts';
import { type Received, receiveWebhook } from '../../sandbox/demo/webhook.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { connectTo, type StatusView } from '../../src/doors/socket/client.ts';
import type { ProbeName } from '../../src/model/observation.ts';
import { type Changes, writeChangedConfig } from './changed-config.ts';
import { poll } from './poll.ts';

/** A real daemon beside a café, with places of its own, so that several may follow each other (or stand side by side). */
export interface GuardedCafe extends AsyncDisposable {
  readonly file: string;
  readonly socket: string;
  readonly journal: string;
  /** What people were told. */
  readonly told: readonly Received[];
  /** Of the process that runs now, or ran last. */
  readonly daemon: DaemonProcess;
  /** As a person would call it. */
  rollbackd(...args: readonly string[]): Promise<Answer>;
  /** Undefined while it does not answer. */
  status(): Promise<StatusView | undefined>;
  until(what: string, isThere: (status: StatusView) => boolean, withinMs: number): Promise<StatusView>;
  /** How often a probe has seen something since the daemon's start. */
  looks(probe: ProbeName): Promise<number>;
  /** Writes the configuration anew, with these changes instead; the daemon reads it when it is told to. */
  change(changes: Changes): Promise<void>;
  /** Starts the daemon again after it has ended. */
  start(): Promise<void>;
  /** SIGKILL to the daemon alone: what it has started lives on. */
  kill(): Promise<void>;
}

export interface GuardOptions {
  readonly name: string;
  readonly changes?: Changes;
  readonly mode?: 'observe' | 'approve';
}

const readyWithin = 90_000;
const never = new AbortController().signal;

export async function guard(
  sandbox: Sandbox,
  { name, changes = {}, mode = 'approve' }: GuardOptions,
): Promise<GuardedCafe> {
  await using stack = new AsyncDisposableStack();
  const webhook = stack.use(await receiveWebhook(() => {}));
  const httpPort = await sandbox.workspace.freePort();
  const metricsUrl = `http://127.0.0.1:${httpPort}/metrics`;
  const places = placesOf(sandbox, name);
  const settings = { mode, webhookUrl: webhook.url, httpPort };
  const own = { 'doors.socket.path': places.socket, 'state.folder': places.state };
  const write = (wanted: Changes) => writeChangedConfig(sandbox, name, settings, { ...own, ...wanted });
  const file = await write(changes);
  const launch = () => startDaemonProcess(file, places.log, sandbox.workspace);
  const client = connectTo(places.socket, never);
  const status = () => client.status().catch(() => undefined);
  let daemon = await launch();
  stack.defer(() => daemon[Symbol.asyncDispose]());
  await answering(status, daemon, places.log);
  const owned = stack.move();
  return {
    file,
    socket: places.socket,
    journal: join(places.state, 'journal.db'),
    told: webhook.received,
    get daemon() {
      return daemon;
    },
    rollbackd: (...args) => rollbackd(...args, '--socket', places.socket),
    status,
    until: (what, isThere, withinMs) => untilStatus(status, what, isThere, withinMs),
    looks: (probe) => countLooks(metricsUrl, probe),
    change: async (wanted) => void (await write(wanted)),
    async start() {
      daemon = await launch();
      await answering(status, daemon, places.log);
    },
    async kill() {
      daemon.kill('SIGKILL');
      await daemon.ended;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function countLooks(metricsUrl: string, probe: ProbeName): Promise<number> {
  const { data } = await axios.get<string>(metricsUrl, { responseType: 'text' });
  const labels = `probe="${probe}",status="observed"`;
  const [, count = '0'] =
    new RegExp(`^rollbackd_probe_observations_total\\{${labels}\\} (\\d+)$`, 'm').exec(data) ?? [];
  return Number(count);
}

function placesOf({ root }: Sandbox, name: string) {
  const folder = join(root, 'rollbackd');
  return {
    socket: join(folder, `${name}.sock`),
    state: join(folder, `state-${name}`),
    log: join(folder, `${name}.log`),
  };
}

async function answering(
  status: () => Promise<StatusView | undefined>,
  daemon: DaemonProcess,
  log: string,
): Promise<void> {
  const died = daemon.ended.then((code) => {
    throw new Error(`rollbackd ended with ${code}: see ${log}`);
  });
  died.catch(() => {});
  await Promise.race([poll('rollbackd answers', status, readyWithin), died]);
}

/** Errors: with the last status in words. */
async function untilStatus(
  status: () => Promise<StatusView | undefined>,
  what: string,
  isThere: (status: StatusView) => boolean,
  withinMs: number,
): Promise<StatusView> {
  let last: StatusView | undefined;
  const look = async () => {
    const seen = await status();
    last = seen ?? last;
    return seen && isThere(seen) ? seen : undefined;
  };
  return poll(what, look, withinMs).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : error}; ${inWords(last)}`);
  });
}

function inWords(status: StatusView | undefined): string {
  if (!status) return 'the daemon never answered';
  const { mode, verdicts, incident, run, decision, probes } = status;
  const steps = run?.steps.filter(({ status: state }) => state !== 'succeeded' && state !== 'waiting');
  return JSON.stringify({
    mode,
    verdicts: verdicts.map(({ criterion, verdict, reason }) => ({ criterion, verdict, reason })),
    decision: decision && { action: decision.action, against: decision.reasonsAgainst },
    incident: incident && { status: incident.status, waitsFor: incident.waitsFor, timeline: incident.timeline },
    run: run && { status: run.status, reason: run.reason, steps },
    probes: probes.filter(({ probe }) => probe !== 'isolation').map(({ probe, summary }) => ({ probe, summary })),
  });
}

export const hasEnded = ({ run }: StatusView): boolean => run?.status === 'succeeded' || run?.status === 'failed';
