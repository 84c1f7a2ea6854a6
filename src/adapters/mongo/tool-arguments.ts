import type { DumpSource } from './contract.ts';
import type { DumpedCollection } from './dumped-collections.ts';
import type { MongoLogin, MongoServer } from './schema.ts';

export interface RestoreRequest {
  /** Folder that holds one folder a database. */
  readonly root: string;
  readonly gzip: boolean;
  readonly database: string;
  /** Absent: all of them. */
  readonly collections?: readonly string[];
}

const SELECTION_TIMEOUT_SECONDS = 5;
/** Small, because the server may be the one that production still uses. */
const PARALLEL_COLLECTIONS = 2;

/**
 * Host and port instead of a URI: a URI's path would act as `--db`, and its time-outs are read as seconds.
 * The password comes from the file.
 */
export function connectionArguments(
  server: MongoServer,
  login: MongoLogin | undefined,
  passwordFile: string,
): string[] {
  const { host, port, replicaSet, tls } = server;
  return [
    ...(replicaSet === undefined ? [`--host=${host}`, `--port=${port}`] : [`--host=${replicaSet}/${host}:${port}`]),
    ...(tls ? ['--ssl'] : []),
    ...(login
      ? [`--username=${login.user}`, `--authenticationDatabase=${login.authSource}`, `--config=${passwordFile}`]
      : []),
    `--serverSelectionTimeout=${SELECTION_TIMEOUT_SECONDS}`,
  ];
}

export function dumpArguments({ database, without = [] }: DumpSource, into: string): string[] {
  const excluded = without.map((collection) => `--excludeCollection=${collection}`);
  return [`--db=${database}`, `--out=${into}`, ...excluded, `--numParallelCollections=${PARALLEL_COLLECTIONS}`];
}

/** `held`: what of the dump is to be restored. */
export function restoreArguments(request: RestoreRequest, held: readonly DumpedCollection[] = []): string[] {
  const { root, gzip, database, collections } = request;
  const included = collections?.map(literal) ?? [
    '*',
    ...held
      .map(({ name }) => name)
      .filter(isBeyondStar)
      .map(literal),
  ];
  return [
    ...included.map((collection) => `--nsInclude=${database}.${collection}`),
    // Files that begin with a dot belong to no collection, and mongorestore would fail over them.
    `--nsExclude=${database}..*`,
    '--drop',
    '--objcheck',
    // What was there before its validator was comes back, too. It needs a right of its own, and so is said only where there is one.
    ...(held.some(({ validated }) => validated) ? ['--bypassDocumentValidation'] : []),
    ...(gzip ? ['--gzip'] : []),
    `--numParallelCollections=${PARALLEL_COLLECTIONS}`,
    `--dir=${root}`,
  ];
}

/** mongorestore's star ends at a line break. */
const isBeyondStar = (collection: string): boolean => collection.includes('\n');

/** A collection's name inside a pattern, in which `*` and the backslash mean something. */
const literal = (collection: string): string => collection.replace(/[*\\]/g, '\\$&');
