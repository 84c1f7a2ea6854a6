import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { privatePm2 } from '../../sandbox/servers/pm2.ts';
import { findTools } from '../../sandbox/tools/find-tools.ts';
import { runProgram } from '../../sandbox/tools/run-program.ts';
import { createWorkspace } from '../../sandbox/workspace/workspace.ts';
import { deadTarget } from '../daemon/dead-target.ts';
import { kindsIn } from '../daemon/journal-of.ts';
import { eventually } from '../exec/eventually.ts';

const root = join(import.meta.dirname, '../..');
const {
  apps: [example],
} = createRequire(import.meta.url)('../../deploy/pm2/ecosystem.config.cjs');

test('names what the unit names', () => {
  const unit = readFileSync(join(root, 'deploy/rollbackd.service'), 'utf8');
  expect(unit).toContain(`\nExecStart=${[example.script, ...example.args].join(' ')}\n`);
});

test('as the page starts it, it is found again after a reboot, and the unit of the application’s pm2 is left alone', () => {
  const page = readFileSync(join(root, 'docs/install.md'), 'utf8');
  const home = 'PM2_HOME=/var/lib/rollbackd/pm2';
  const commands = page.match(/^(own\(\)|sudo env PATH).+ pm2 .+$/gm) ?? [];
  expect(commands).toHaveLength(2);
  for (const command of commands) expect(command).toContain(`${home} pm2`);
  expect(commands[1]).toMatch(/ pm2 startup systemd -u superkafe --service-name pm2-rollbackd$/);
  // pm2 would take `.pm2` in that folder, whatever PM2_HOME says.
  expect(commands[1]).not.toContain('--hp');
});

test('a real pm2 starts it with the Node of rollbackd, brings it back, and stops it in order', {
  timeout: 120_000,
}, async () => {
  using target = await deadTarget();
  await using workspace = await createWorkspace();
  const { pm2: tool, targetNode } = await findTools();
  await using pm2 = privatePm2({ workspace, tool, node: targetNode });
  const folder = mkdtempSync(join(workspace.root, 'rollbackd-'));
  const app = { ...example, script: process.execPath, cwd: folder };
  app.args = [join(root, 'bin/rollbackd.js'), 'run', '--config', target.configFile];
  const file = join(folder, 'ecosystem.config.cjs');
  writeFileSync(file, `module.exports = ${JSON.stringify({ apps: [app] })}`);
  await pm2.start(file);
  const answers = () =>
    fetch(`${target.http}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually('it answers', answers, 30_000);
  const metrics = await (await fetch(`${target.http}/metrics`)).text();
  expect(metrics).toContain(`node="${process.version}"`);
  const asPm2 = (command: string) =>
    runProgram(targetNode.path, [tool.path, command], { cwd: folder, environment: pm2.environment, timeoutMs: 60_000 });
  await asPm2('save');
  await asPm2('kill');
  await eventually('it is gone', async () => !(await answers()), 30_000);
  await asPm2('resurrect');
  await eventually('it is back, as after a reboot', answers, 30_000);
  const asked = performance.now();
  await pm2.stop();
  expect(performance.now() - asked, 'not by force, after kill_timeout').toBeLessThan(example.kill_timeout / 2);
  expect(kindsIn(target.journal).at(-1)).toBe('daemon.stopped');
});
