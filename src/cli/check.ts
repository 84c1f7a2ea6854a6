import { Command } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import type { Config } from '../config/schema.ts';
import { explain } from '../core/errors.ts';
import type { BackupManifest, DatabaseManifest } from '../model/backup.ts';

interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly now?: () => number;
  readonly write: (text: string) => void;
  readonly setExitCode: (code: number) => void;
}

const processSurroundings = (): Surroundings => ({
  environment: process.env,
  write: (text) => void process.stdout.write(text),
  setExitCode: (code) => {
    process.exitCode = code;
  },
});

/** `rollbackd check`: every fault of the configuration at once, or what it means. Needs no daemon. */
export function checkCommand(surroundings: Surroundings = processSurroundings()): Command {
  return new Command('check')
    .description('tell everything that is wrong with the configuration, or what it means')
    .option('--config <file>', 'configuration file', defaultConfigFile(surroundings.environment))
    .option('--backup', 'read every byte of the configured backup, too')
    .option('--target', 'look at the target, too: what a rollback would fail over')
    .action(async ({ config, ...looks }: { config: string } & Looks) => {
      const { lines, sound } = await check(config, looks, surroundings);
      surroundings.write(`${lines.join('\n')}\n`);
      surroundings.setExitCode(sound ? 0 : 1);
    });
}

interface Looks {
  readonly backup?: true;
  readonly target?: true;
}

interface Finding {
  readonly lines: readonly string[];
  readonly sound: boolean;
}

async function check(file: string, looks: Looks, { environment, now = Date.now }: Surroundings): Promise<Finding> {
  const { faultText, loadConfig } = await import('../config/load.ts');
  const loaded = loadConfig(file, environment);
  if (loaded.status === 'invalid') {
    const count = loaded.faults.length === 1 ? '1 fault' : `${loaded.faults.length} faults`;
    const more = loaded.more ? '; some checks wait until these are mended' : '';
    return { lines: [...loaded.faults.map(faultText), `${count}${more}`], sound: false };
  }
  const { summarize, warnings } = await import('../config/summary.ts');
  const fault = (message: string) =>
    faultText({ file, line: loaded.lineOf(['backup', 'path']), path: 'backup.path', message });
  const backup = looks.backup ? await checkBackup(loaded.config, fault) : { lines: [], sound: true };
  const heard = [...warnings(loaded.config, now()), ...(await latencyWarnings(loaded.config))].map(
    (line) => `WARNING  ${line}`,
  );
  const target = looks.target ? await checkTarget(loaded.config) : { lines: [], sound: true };
  const unsound = [
    ...(backup.sound ? [] : ['the backup is not usable']),
    ...(target.sound ? [] : ['the target is not ready']),
  ];
  const verdict = unsound.length === 0 ? `${file} is sound (${loaded.hash.slice(0, 12)})` : unsound.join('; ');
  const lines = [...summarize(loaded.config), ...backup.lines, ...target.lines, ...heard, verdict];
  return { lines, sound: unsound.length === 0 };
}

/** No fault of the configuration: it may be checked before anything is measured. */
async function latencyWarnings({ baseline: { latency }, migration: { cutoverAt } }: Config): Promise<string[]> {
  const { file } = latency;
  if (file === undefined) return [];
  const { readLatencyFile } = await import('../baseline/latency-file.ts');
  return await readLatencyFile(file, cutoverAt).then(
    () => [],
    (error: unknown) => [`baseline.latency.file: ${explain(error)}`],
  );
}

async function checkTarget(config: Config): Promise<Finding> {
  const [{ examinedTarget }, { obstacleInWords }] = await Promise.all([
    import('../engine/examined-target.ts'),
    import('../model/obstacle.ts'),
  ]);
  const obstacles = await examinedTarget(config);
  if (obstacles.length === 0) return { lines: ['target      nothing stands in the way of a run'], sound: true };
  return { lines: obstacles.map((obstacle) => `FAULT       ${obstacleInWords(obstacle)}`), sound: false };
}

async function checkBackup(config: Config, fault: (message: string) => string): Promise<Finding> {
  const [{ locateBackup }, { scanBackup }, { restoredPart }, { passedOverIn }] = await Promise.all([
    import('../backup/locate.ts'),
    import('../backup/scan.ts'),
    import('../backup/restored-part.ts'),
    import('../backup/passed-over.ts'),
  ]);
  const namedIn = new Map(config.mongo.legacyDatabases.map(({ name, collections }) => [name, collections]));
  const restored = config.mongo.legacyDatabases.filter(({ policy }) => policy !== 'leave').map(({ name }) => name);
  try {
    const location = await locateBackup(config.backup, restored);
    const manifest = await scanBackup(location, restored, new AbortController().signal);
    const parts = manifest.databases.map((each) => restoredPart(each, namedIn.get(each.database)));
    const held = parts.map(({ database, collections }) => {
      const documents = collections.reduce((sum, collection) => sum + collection.documents, 0);
      return `backup      ${database}: ${documents} documents in ${collections.length} collections`;
    });
    const lines = [...held, ...(await passedOverIn(manifest)).map((what) => `backup      ${what}`)];
    const refused = await unbuildable(config, manifest, parts);
    if (refused.length > 0) return { lines: [...lines, ...refused.map(fault)], sound: false };
    if (manifest.takenAt < config.migration.cutoverAt) return { lines, sound: true };
    const taken = new Date(manifest.takenAt).toISOString();
    const young = `its newest file is of ${taken}, after migration.cutoverAt: nothing is done alone with it. A copy keeps the file times only with \`cp -p\` or \`rsync -a\``;
    return { lines: [...lines, fault(young)], sound: false };
  } catch (error) {
    return { lines: [fault(explain(error))], sound: false };
  }
}

/** Indexes of the backup, and of the configuration, that a restore would end with. */
async function unbuildable(
  { mongo }: Config,
  manifest: BackupManifest,
  parts: readonly DatabaseManifest[],
): Promise<string[]> {
  const [{ indexesOf, refusedIndexes, refusedRemedy }, { refusedRequirements, requirementsRemedy, whyNotUnique }] =
    await Promise.all([import('../backup/refused-indexes.ts'), import('../backup/refused-requirements.ts')]);
  const { signal } = new AbortController();
  const found: string[] = [];
  for (const part of parts) {
    const configured = mongo.legacyDatabases.find(({ name }) => name === part.database);
    const broken = configured ? await refusedRequirements(configured, manifest, part, whyNotUnique, signal) : [];
    found.push(
      ...refusedIndexes(indexesOf(part)).map(
        (what) => `${part.database}: MongoDB refuses ${what}. Next: ${refusedRemedy}`,
      ),
      ...broken.map((what) => `${part.database}: the backup does not allow ${what}. Next: ${requirementsRemedy}`),
    );
  }
  return found;
}
