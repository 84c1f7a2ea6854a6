import { Command, CommanderError } from 'commander';
import { RollbackdError } from '../core/errors.ts';
import { packageVersion } from '../core/package-version.ts';
import type { Terminal } from './terminal.ts';

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<(terminal: Terminal) => Command>;
}

/** Each command is loaded only when it is asked for. */
const entries: Readonly<Record<string, Entry>> = {
  run: {
    summary: 'watch over the target until told to stop: the daemon itself',
    load: async () => (await import('./run.ts')).runCommand,
  },
  check: {
    summary: 'tell everything that is wrong with the configuration, or what it means',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  doctor: {
    summary: 'look at what a rollback and asking in Slack depend on, and say what to do about each fault',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  baseline: {
    summary: 'measure how fast the legacy system is, before the cut-over',
    load: async () => (await import('./baseline.ts')).baselineCommand,
  },
  replay: {
    summary: 'look back: what would have been done in the past that a log or a recording tells of',
    load: async () => (await import('./replay.ts')).replayCommand,
  },
  permissions: {
    summary: 'print what gives the MongoDB users their rights, for mongosh',
    load: async () => (await import('./permissions.ts')).permissionsCommand,
  },
  health: {
    summary: 'ask whether the daemon is alive: for supervisors',
    load: async () => (await import('./health.ts')).healthCommand,
  },
  status: {
    summary: 'show what the daemon sees, what it makes of it and what it waits for',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  explain: {
    summary: 'tell why it was decided so: what was seen, why not earlier, what would have changed it',
    load: async () => (await import('./explain.ts')).explainCommand,
  },
  approve: {
    summary: 'say yes to the rollback that the open incident asks for',
    load: async () => (await import('./approve.ts')).approveCommand,
  },
  reject: {
    summary: 'say no to it',
    load: async () => (await import('./reject.ts')).rejectCommand,
  },
  rollback: {
    summary: 'roll back now, on your own word; or show what that would do',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  resume: {
    summary: 'go on with a run that failed or was interrupted',
    load: async () => (await import('./resume.ts')).resumeCommand,
  },
  release: {
    summary: 'let a contained application serve again, without a rollback',
    load: async () => (await import('./release.ts')).releaseCommand,
  },
  acknowledge: {
    summary: 'confirm that you have looked at a run',
    load: async () => (await import('./acknowledge.ts')).acknowledgeCommand,
  },
  close: {
    summary: 'close an incident that people have settled',
    load: async () => (await import('./close.ts')).closeCommand,
  },
  snooze: {
    summary: 'rest the reminders of the open incident for a while, never the looking',
    load: async () => (await import('./snooze.ts')).snoozeCommand,
  },
  pause: {
    summary: 'suspend acting, never looking',
    load: async () => (await import('./pause.ts')).pauseCommand,
  },
  unpause: {
    summary: 'end a pause',
    load: async () => (await import('./unpause.ts')).unpauseCommand,
  },
  arm: {
    summary: 'let the daemon act alone on critical breaches',
    load: async () => (await import('./arm.ts')).armCommand,
  },
  disarm: {
    summary: 'take that power back',
    load: async () => (await import('./disarm.ts')).disarmCommand,
  },
};

/** Sets the exit code: 0 where what was asked for was done, else 1. Never throws. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<void> {
  const program = new Command('rollbackd')
    .description('takes a multi-tenant application back to the last good state after a migration went wrong')
    .version(packageVersion())
    .configureOutput({ writeOut: terminal.write, writeErr: terminal.writeError })
    .exitOverride();
  try {
    for (const [name, entry] of Object.entries(entries))
      program.addCommand(await commandFor(name, entry, argv, terminal));
    for (const command of program.commands) command.copyInheritedSettings(program);
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    fail(error, terminal);
  }
}

async function commandFor(name: string, { summary, load }: Entry, argv: readonly string[], terminal: Terminal) {
  const wanted = argv[0] === name || (argv[0] === 'help' && argv[1] === name);
  return (wanted ? (await load())(terminal) : new Command(name)).description(summary);
}

function fail(error: unknown, { writeError, setExitCode, signal }: Terminal): void {
  // Commander has said by itself what was wrong with the command line, or has shown its help.
  const failed = !(error instanceof CommanderError) || error.exitCode !== 0;
  setExitCode(failed ? 1 : 0);
  if (!(error instanceof CommanderError)) writeError(signal.aborted ? 'rollbackd: interrupted\n' : faultText(error));
}

function faultText(error: unknown): string {
  const next = error instanceof RollbackdError && error.remedy ? `next: ${error.remedy}\n` : '';
  return `rollbackd: ${error instanceof Error ? error.message : String(error)}\n${next}`;
}
