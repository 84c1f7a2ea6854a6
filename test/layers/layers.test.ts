import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  clientDoor,
  entries,
  examining,
  explaining,
  granting,
  latencyFile,
  lookingBack,
  measuring,
  type Room,
  rooms,
  slackDoctor,
} from '../../scripts/layers.ts';
import { refusals } from './plant.ts';
import { allowedPlants, forbiddenPlants, killingPlants, mayImport } from './plants.ts';

const src = join(import.meta.dirname, '../../src');
const importRule = 'lint/style/noRestrictedImports';

describe('the linter', () => {
  test('refuses one forbidden import planted for every pair of rooms', () => {
    const plants = forbiddenPlants();
    const refused = refusals(plants);
    expect([...plants.keys()].filter((file) => !refused.get(file)?.has(importRule))).toEqual([]);
    expect(plants.size).toBeGreaterThan(rooms.length * rooms.length);
  });

  test('is silent about every import that the layers allow', () => {
    expect([...refusals(allowedPlants())].filter(([, rules]) => rules.has(importRule))).toEqual([]);
  });

  test('refuses to end a process, or to fetch a module by name, anywhere but in exec/', () => {
    const elsewhere = killingPlants(rooms.filter((room) => room !== 'exec'));
    const refused = refusals(new Map([...elsewhere, ...killingPlants(['exec'])]));
    const byPlugin = [...refused].filter(([, rules]) => rules.has('plugin')).map(([file]) => file);
    expect(byPlugin.toSorted()).toEqual([...elsewhere.keys()].toSorted());
  });

  test('refuses two files that import one another', () => {
    const refused = refusals(
      new Map([
        ['src/core/a.ts', `import { b } from './b.ts';\nexport const a = () => b;\n`],
        ['src/core/b.ts', `import { a } from './a.ts';\nexport const b = () => a;\n`],
      ]),
    );
    expect(refused.get('src/core/a.ts')).toContain('lint/suspicious/noImportCycles');
  });
});

describe('the source tree', () => {
  test('has no room and no file directly under src/ that the table does not know', () => {
    const known: readonly string[] = [...rooms, ...entries];
    expect(readdirSync(src).filter((name) => !known.includes(name))).toEqual([]);
  });

  test('reaches no forbidden room even by a type query, which the linter does not see', () => {
    const crossings = globSync('*/**/*.ts', { cwd: src }).flatMap(forbiddenMentions);
    expect(crossings).toEqual([]);
  });
});

/** Relative specifiers in any position, so that `import('../x.ts').T` counts as well. */
function forbiddenMentions(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/['"](\.\.?\/[^'"\s]+\.ts)['"]/g)]
    .map((match) => relative(src, resolve(dirname(join(src, file)), match[1] ?? '')))
    .filter((target) => !allowedMention(file, target))
    .map((target) => `${file} -> ${target}`);
}

function allowedMention(file: string, target: string): boolean {
  if (target === clientDoor && file.startsWith('cli/')) return true;
  if (file === 'cli/doctor.ts' && [slackDoctor, examining].includes(target)) return true;
  if (file === 'cli/check.ts' && target === examining) return true;
  if (file === 'cli/permissions.ts' && target === granting) return true;
  if (file === 'cli/baseline.ts' && measuring.includes(target)) return true;
  if (file === 'cli/check.ts' && target === latencyFile) return true;
  if (['cli/replay.ts', 'cli/print/replay.ts'].includes(file) && target === lookingBack) return true;
  if (['cli/explain.ts', 'cli/print/explain.ts'].includes(file) && explaining.includes(target)) return true;
  if (target === 'daemon.ts') return file === 'cli/run.ts';
  return mayImport(roomOf(file), roomOf(target));
}

function roomOf(file: string): Room {
  const room = rooms.find((each) => file.startsWith(`${each}/`));
  if (!room) throw new Error(`${file} is in no room`);
  return room;
}
