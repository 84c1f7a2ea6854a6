import { type Area, areas, entries, outside, packageOwners, rooms } from './layers.ts';

/** The table of layers as Biome overrides. */
export function layerRules(): unknown {
  return { overrides: [...areas.map(areaOverride), processOverride, oracleOverride] };
}

const restrictedImports = (paths: Record<string, unknown>, patterns: readonly unknown[]) => ({
  rules: { style: { noRestrictedImports: { level: 'error', options: { paths, patterns } } } },
});

/** Ends processes, or fetches modules behind the linter's back: only exec/ may. */
const processOverride = { includes: ['src/**', '!src/exec/**'], plugins: ['./scripts/process-kill.grit'] };

/** The oracle judges rollbackd, so it knows nothing of it. */
const oracleOverride = {
  includes: ['sandbox/oracle/**'],
  linter: restrictedImports({}, [{ group: ['**/src/**'], message: 'The oracle never reads a line of src/.' }]),
};

function areaOverride(area: Area): unknown {
  return {
    includes: area.includes,
    linter: restrictedImports(forbiddenPackages(area), [
      roomPattern(area),
      { group: outsidePatterns, message: 'The product never imports what is not in src/, nor itself from outside.' },
      ...(area.packages ? [packagePattern(area.packages)] : []),
    ]),
  };
}

const outsidePatterns = [...outside.map((folder) => `**/../${folder}/**`), '**/src/**'];

function roomPattern(area: Area): unknown {
  const forbidden = rooms.filter((room) => !area.rooms.includes(room)).map((room) => `${room}/**`);
  const forbiddenEntries = entries.filter((entry) => !area.entries.includes(entry));
  return {
    group: [
      ...[...forbidden, ...forbiddenEntries].flatMap((name) => reach(area, name)),
      ...(area.files ?? []).map((file) => `!**/../${file}`),
    ],
    message: `May import only ${[...area.rooms, ...(area.files ?? []), ...area.entries].join(', ')} (scripts/layers.ts).`,
  };
}

/** `./name` means a neighbour under src/ only in a file that lies there itself; elsewhere it is the room's own. */
function reach(area: Area, name: string): string[] {
  const directlyUnderSrc = area.includes.some((glob) => /^src\/[^/]+\.ts$/.test(glob));
  return directlyUnderSrc ? [`./${name}`, `**/../${name}`] : [`**/../${name}`];
}

function packagePattern(allowed: readonly string[]): unknown {
  return {
    group: ['**', '!./**', '!../**', ...allowed.map((name) => `!${name}`)],
    message: `Pure: of all packages only ${allowed.join(', ')}.`,
  };
}

function forbiddenPackages(area: Area): Record<string, unknown> {
  const owned = Object.entries(packageOwners)
    .filter(([name]) => !area.owns.includes(name))
    .map(([name, owners]) => [name, { message: `Only ${owners.map((room) => `src/${room}`).join(', ')} may.` }]);
  const kill = { importNames: ['kill', 'default'], message: 'Processes are ended in src/exec alone.' };
  const mayKill = area.owns.includes('execa');
  return Object.fromEntries(mayKill ? owned : [...owned, ['node:process', kill], ['process', kill]]);
}
