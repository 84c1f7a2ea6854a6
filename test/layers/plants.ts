import { packageOwners, type Room, rooms } from '../../scripts/layers.ts';

/** File name -> its text. A forbidden file holds one import, so that its name says what was missed. */
export type Plants = ReadonlyMap<string, string>;
type Plant = readonly [file: string, text: string];

/** The rules in words of their own, apart from the code that generates the linter's. */
export function mayImport(from: Room, to: Room): boolean {
  if (from === to) return true;
  if (isPure(from)) return ['core', 'model'].includes(to);
  if (from === 'cli') return ['core', 'model', 'backup', 'config'].includes(to);
  return rooms.indexOf(to) < rooms.indexOf(from);
}

const isPure = (room: Room) => ['model', 'rules', 'incident'].includes(room);
const owned = (room: Room) => Object.keys(packageOwners).filter((name) => packageOwners[name]?.includes(room));
const fileName = (imported: string) => imported.replace(/\W+/g, '-');
const importing = (...specifiers: string[]) => specifiers.map((each) => `import '${each}';\n`).join('');

export function forbiddenPlants(): Plants {
  return new Map([
    ...rooms.flatMap(forbiddenIn),
    ['src/cli/server.ts', importing('../doors/socket/server.ts')],
    ['src/cli/slack.ts', importing('../doors/slack/door.ts')],
    ['src/daemon.ts', importing('./cli/run.ts')],
    ['src/session.ts', importing('./daemon.ts')],
    ['src/main.ts', importing('./daemon.ts')],
    ['src/engine/session.ts', importing('../session.ts')],
    ['sandbox/oracle/x.ts', importing('../../src/core/x.ts')],
    ['sandbox/oracle/deep/x.ts', importing('../../../src/journal/x.ts')],
  ]);
}

function forbiddenIn(from: Room): Plant[] {
  const out = rooms.filter((to) => !mayImport(from, to));
  const outside = ['sandbox', 'test', 'scripts', 'bench'].map((folder) => `../../${folder}/x.ts`);
  const packages = Object.keys(packageOwners).filter((name) => !owned(from).includes(name));
  const impure = isPure(from) ? ['node:fs', 'mongodb', 'pino'] : [];
  const direct = [...outside, ...packages, ...impure, '../daemon.ts', '../main.ts', '../../src/core/x.ts'];
  return [
    ...out.map((to): Plant => [`src/${from}/to-${to}.ts`, importing(`../${to}/x.ts`)]),
    ...out.map((to): Plant => [`src/${from}/deep/to-${to}.ts`, `export * from '../../${to}/deep/x.ts';\n`]),
    ...out.map((to): Plant => [`src/${from}/late/to-${to}.ts`, `export const x = await import('../../${to}/x.ts');\n`]),
    ...rooms
      .filter((to) => to !== 'core' && to !== 'model')
      .map((to): Plant => [`src/${from}/shape-${to}/schema.ts`, importing(`../../${to}/x.ts`)]),
    [`src/${from}/reading/schema.ts`, importing('node:fs')],
    ...direct.map((each): Plant => [`src/${from}/direct-${fileName(each)}.ts`, importing(each)]),
  ];
}

/** What ends a process or fetches a module behind the linter's back: forbidden everywhere but in exec/. */
export function killingPlants(inRooms: readonly Room[]): Plants {
  return new Map(
    inRooms.flatMap((room): Plant[] => [
      [`src/${room}/kill-called.ts`, 'process.kill(1);\n'],
      [`src/${room}/kill-passed.ts`, 'export const end = process.kill;\n'],
      [`src/${room}/kill-global.ts`, `globalThis.process.kill(1, 'SIGTERM');\n`],
      [`src/${room}/built-in.ts`, `export const sqlite = process.getBuiltinModule('node:sqlite');\n`],
    ]),
  );
}

export function allowedPlants(): Plants {
  const byDaemon = rooms.filter((room) => room !== 'cli').map((room) => `./${room}/x.ts`);
  return new Map([
    ...rooms.flatMap((from): Plant[] => [
      [`src/${from}/up.ts`, importing(...rooms.filter((to) => mayImport(from, to)).map((to) => `../${to}/x.ts`))],
      [`src/${from}/deep/own.ts`, importing('../own.ts', `../../${from}/x.ts`, './journal/x.ts')],
      [
        `src/${from}/part/schema.ts`,
        importing('../../core/x.ts', '../../model/x.ts', './other.ts', 'zod', 'node:path'),
      ],
      [`src/${from}/packages.ts`, importing('zod', ...owned(from))],
    ]),
    ['src/config/schema.ts', importing('../adapters/mongo/schema.ts', '../doors/schema.ts')],
    ['src/cli/status.ts', importing('../doors/socket/client.ts')],
    ['src/cli/doctor.ts', importing('../doors/slack/doctor.ts')],
    ['src/cli/run.ts', importing('../daemon.ts', '../doors/socket/client.ts')],
    ['src/daemon.ts', importing('./session.ts', ...byDaemon)],
    ['src/session.ts', importing(...byDaemon)],
    ['src/main.ts', importing('./cli/program.ts', './core/x.ts')],
  ]);
}
