import { nginxAccessLog } from '../../../src/adapters/access-log/nginx-log.ts';

/** Run by a user who may not read everything: tells the parent after each line of input what a look at the log gave. */
const [file = ''] = process.argv.slice(2);
const log = nginxAccessLog({ file, format: 'json', paths: ['/'] });

for await (const _ of process.stdin) {
  const seen: string[] = [];
  const fault = await log
    .readOn(({ path }) => seen.push(path))
    .then(
      () => undefined,
      (error: Error & { reason?: string }) => `${error.reason}: ${error.message}`,
    );
  process.stdout.write(`${JSON.stringify(fault === undefined ? { seen } : { fault })}\n`);
}
