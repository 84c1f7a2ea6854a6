/**
 * Who may import whom: the one table. `npm run generate` turns it into the linter's rules (biome.layers.json).
 * From the ground up: a room imports only from rooms above it in this list.
 */
export const rooms = [
  'core',
  'model',
  'journal',
  'recorder',
  'metrics',
  'exec',
  'adapters',
  'backup',
  'baseline',
  'rules',
  'incident',
  'probes',
  'actions',
  'rollback',
  'undo',
  'drill',
  'readiness',
  'diagnose',
  'watch',
  'notify',
  'report',
  'engine',
  'replay',
  'commands',
  'doors',
  'config',
  'cli',
] as const;
export type Room = (typeof rooms)[number];

/** Files directly under src/, the only ones there are: what lives as long as one configuration, as the daemon, as the process. */
export const entries = ['session.ts', 'daemon.ts', 'main.ts'] as const;
export type Entry = (typeof entries)[number];

/** Folders of the repository that the product never reaches into. */
export const outside = ['sandbox', 'test', 'scripts', 'bench'] as const;

/** Packages and modules of Node that only these rooms may import. */
export const packageOwners: Readonly<Record<string, readonly Room[]>> = {
  'node:sqlite': ['journal', 'recorder', 'baseline'],
  execa: ['exec'],
  'node:child_process': ['exec'],
  '@slack/web-api': ['notify', 'doors'],
  '@slack/socket-mode': ['doors'],
};

/** The door through which the command line speaks with a running daemon. */
export const clientDoor = 'doors/socket/client.ts';

/** Looks at Slack without a daemon: the part of that room that the command line may load. */
export const slackDoctor = 'doors/slack/doctor.ts';

/** What was measured of the legacy system: read by `rollbackd check` too. */
export const latencyFile = 'baseline/latency-file.ts';

/** What `rollbackd baseline` measures and writes with. */
export const measuring: readonly string[] = [latencyFile, 'probes/ask.ts', 'probes/capture-latencies.ts'];

/** Gives MongoDB's users their rights. */
export const granting = 'adapters/mongo/apply-rights.ts';

/** Looks at the target without a daemon. */
export const examining = 'engine/examined-target.ts';

/** The pure half over the past: it runs in the command's own process. */
export const lookingBack = 'replay/replay.ts';

/** Reads the journal of a daemon that does not run, and says in words what was decided. */
export const explaining: readonly string[] = [
  'report/decision-record.ts',
  'report/measure-in-words.ts',
  'report/record-file.ts',
  'report/timeline.ts',
];

/** A set of files with the same rights. The last area that matches a file counts. */
export interface Area {
  readonly includes: readonly string[];
  readonly rooms: readonly Room[];
  readonly entries: readonly Entry[];
  /** The only packages allowed; absent: all but those that other rooms own. */
  readonly packages?: readonly string[];
  /** Single files of rooms that are otherwise out of reach. */
  readonly files?: readonly string[];
  readonly owns: readonly string[];
}

const ownPackages = (room: Room) => Object.keys(packageOwners).filter((name) => packageOwners[name]?.includes(room));
const below = (room: Room) => rooms.slice(0, rooms.indexOf(room) + 1);

const plainRoom = (room: Room): Area => ({
  includes: [`src/${room}/**`],
  rooms: below(room),
  entries: [],
  owns: ownPackages(room),
});

/** Decides without touching the world, so that every decision can be replayed. */
const pureRoom = (room: Room): Area => ({ ...plainRoom(room), rooms: ['core', 'model', room], packages: ['zod'] });

const commandLine: Area = {
  ...plainRoom('cli'),
  rooms: ['core', 'model', 'backup', 'config', 'cli'],
  files: [clientDoor],
};

/** Knows every room and is known by none. */
const composition = { rooms: rooms.filter((room) => room !== 'cli'), entries: [], owns: [] };

const areaOf: Partial<Record<Room, Area>> = {
  model: pureRoom('model'),
  rules: pureRoom('rules'),
  incident: pureRoom('incident'),
  cli: commandLine,
};

export const areas: readonly Area[] = [
  ...rooms.map((room) => areaOf[room] ?? plainRoom(room)),
  /** A part of the configuration's shape: loading it must not load the room. */
  { includes: ['src/*/**/schema.ts'], rooms: ['core', 'model'], entries: [], packages: ['zod', 'node:path'], owns: [] },
  { ...plainRoom('config'), includes: ['src/config/schema.ts'] },
  /** The one command that becomes the daemon. */
  { ...commandLine, includes: ['src/cli/run.ts'], entries: ['daemon.ts'] },
  /** The one command that asks the target by itself: nothing runs yet when it is needed. */
  { ...commandLine, includes: ['src/cli/baseline.ts'], files: [clientDoor, ...measuring] },
  { ...commandLine, includes: ['src/cli/check.ts'], files: [clientDoor, latencyFile, examining] },
  { ...commandLine, includes: ['src/cli/permissions.ts'], files: [granting] },
  { ...commandLine, includes: ['src/cli/doctor.ts'], files: [slackDoctor, examining] },
  {
    ...commandLine,
    includes: ['src/cli/explain.ts', 'src/cli/print/explain.ts'],
    files: [clientDoor, ...explaining],
  },
  { ...commandLine, includes: ['src/cli/replay.ts', 'src/cli/print/replay.ts'], files: [lookingBack] },
  { ...composition, includes: ['src/session.ts'] },
  { ...composition, includes: ['src/daemon.ts'], entries: ['session.ts'] },
  { includes: ['src/main.ts'], rooms: ['core', 'cli'], entries: [], owns: [] },
];
