import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { redact } from '../../core/redaction.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import type { EcosystemAfterSwitch } from './contract.ts';
import type { EcosystemReading } from './ecosystem-reader.ts';

type Read = (file: string) => Promise<EcosystemReading | undefined>;

/** Why pm2 would not start these applications from the file. */
export async function ecosystemObstacles(
  look: EcosystemAfterSwitch,
  { names, home }: { readonly names: readonly string[]; readonly home: string },
  read: Read,
): Promise<Obstacle[]> {
  const text = look.text ?? (await readFile(look.ecosystemFile, 'utf8'));
  const reading =
    look.text === undefined ? await read(look.ecosystemFile) : await withCopy(look.ecosystemFile, text, home, read);
  if (reading === undefined || (look.isSwitched && dependsOnOthers(text, reading))) return [];
  const found = judge(look, names, reading);
  return found === undefined ? [] : [found];
}

/** Under its own name and that of its folder, where no stranger can put anything beside it. */
async function withCopy(file: string, text: string, home: string, read: Read) {
  const place = await mkdtemp(join(home, '.rollbackd-'));
  try {
    const folder = join(place, basename(dirname(file)));
    const copy = join(folder, basename(file));
    await mkdir(folder);
    await writeFile(copy, text);
    return await read(copy);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

const notThere = new Set(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ENOENT']);

/** Files and modules around it may be others after the switch: a false alarm would be worse than none. */
function dependsOnOthers(text: string, reading: EcosystemReading): boolean {
  if ('failure' in reading && notThere.has(reading.code ?? '')) return true;
  return /\b(?:require|import|from)\b\s*\(?\s*['"`](?:[./]|(?:node:)?(?:fs|module|child_process)\b)|\b(?:require|import)\s*\(\s*[^\s'"`]/.test(
    text,
  );
}

function judge(
  { ecosystemFile, text }: EcosystemAfterSwitch,
  names: readonly string[],
  reading: EcosystemReading,
): Obstacle | undefined {
  const [said, mend] =
    text === undefined
      ? ['', 'correct the file']
      : [
          ' as the legacy commit has it',
          'keep a corrected file outside of the checkout and name it in process.ecosystemFile',
        ];
  const file = `process.ecosystemFile ${ecosystemFile}${said}`;
  if ('failure' in reading) return { what: `pm2 cannot load ${file}: ${redact(reading.failure)}`, mend };
  const missing = names.filter((name) => !reading.apps.includes(name));
  if (missing.length === 0) return undefined;
  const defined = reading.apps.length === 0 ? 'no application' : reading.apps.join(', ');
  return {
    what: `${file} defines no ${missing.join(', ')}: it defines ${defined}`,
    mend: `${mend}, or process.names`,
  };
}
