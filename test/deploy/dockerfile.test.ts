import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const dockerfile = text('Dockerfile');
const [last = ''] = dockerfile.split(/^FROM /m).slice(-1);

/** What a stage takes from the checkout. */
const copied = (stage: string): string[] =>
  [...stage.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));

const programs = [
  'bin/rollbackd.js',
  ...readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `src/${name}`),
];

test('the image holds every page that the program points to', () => {
  const pages = programs.flatMap((program) =>
    [...text(program).matchAll(/\bdocs\/[\w-]+\.md\b/g)].map(([page]) => page),
  );
  expect(pages).toContain('docs/install.md');
  expect(copied(last)).toContain('docs');
});

test('whatever it copies is let through to the build', () => {
  const allowed = text('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const isAllowed = (path: string) => allowed.some((each) => path === each || path.startsWith(`${each}/`));
  expect(copied(dockerfile).filter((path) => !isAllowed(path))).toEqual([]);
});

test('a base with a Node that is too old, or tools that cannot be loaded, fail the build', () => {
  const tried = [...last.matchAll(/\b(\w+) --version/g)].map(([, program]) => program);
  expect(tried).toEqual(['mongodump', 'mongorestore', 'git', 'rollbackd']);
});

test('says how both base images are pinned, since their tags move', () => {
  for (const name of ['BASE', 'TOOLS']) {
    const [, image = ''] = dockerfile.match(new RegExp(`^ARG ${name}=(\\S+)$`, 'm')) ?? [];
    expect(dockerfile, name).toContain(`--build-arg ${name}=${image}@sha256:`);
  }
});
