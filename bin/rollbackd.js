#!/usr/bin/env node
// Plain JavaScript, so that an older Node can read what to do about it.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 15)) {
  const page = fileURLToPath(new URL('../docs/install.md', import.meta.url));
  process.stderr.write(
    `rollbackd needs Node 24.15 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      `Next: start it with a newer one, which may be for rollbackd alone: ${page} shows how.\n` +
      'In a checkout `npm run rollbackd --` brings its own.\n',
  );
  process.exitCode = 1;
} else {
  // A checkout runs as it is; the published package holds JavaScript, since Node strips no types inside node_modules.
  const source = new URL('../src/main.ts', import.meta.url);
  await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
}
