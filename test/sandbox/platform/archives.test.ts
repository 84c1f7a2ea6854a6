import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readTarGzMember, readZipMember } from '../../../sandbox/tools/archives.ts';

test('a member is read out of a zip by its name, packed or stored', () => {
  const zip = zipOf([
    { name: 'bin/mongodump.exe', content: 'another program' },
    { name: 'bin/mongodump', content: 'the program '.repeat(100) },
    { name: 'bin/stored', content: 'stored', stored: true },
  ]);
  expect(readZipMember(zip, 'mongodump').toString()).toBe('the program '.repeat(100));
  expect(readZipMember(zip, 'stored').toString()).toBe('stored');
});

test('a member that a zip does not hold is named', () => {
  expect(() => readZipMember(zipOf([{ name: 'bin/other', content: '' }]), 'mongod')).toThrow('holds no mongod');
});

test('what is no zip at all is refused', () => {
  expect(() => readZipMember(Buffer.from('<html>not found</html>'), 'mongod')).toThrow('not a zip archive');
});

test('a member is read out of a packed tar by its path', () => {
  const archive = gzipSync(
    Buffer.concat([tarMember('package/readme', 'x'.repeat(700)), tarMember('package/bin.zip', 'zip')]),
  );
  expect(readTarGzMember(archive, 'package/bin.zip').toString()).toBe('zip');
  expect(() => readTarGzMember(archive, 'package/nothing')).toThrow('holds no package/nothing');
});

interface Member {
  readonly name: string;
  readonly content: string;
  readonly stored?: boolean;
}

function zipOf(members: readonly Member[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, stored } of members) {
    const data = stored ? Buffer.from(content) : deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(stored ? 0 : 8, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    files.push(local, Buffer.from(name), data);
    directory.push(entry, Buffer.from(name));
    at += 30 + name.length + data.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

function tarMember(path: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(`${content.length.toString(8).padStart(11, '0')} `, 124);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc(-content.length & 511)]);
}
