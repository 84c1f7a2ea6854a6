import { Command, InvalidArgumentError, Option } from 'commander';
import { refuseToOverwrite, writeLatencyFile } from '../baseline/latency-file.ts';
import { defaultConfigFile } from '../config/default-file.ts';
import type { Config } from '../config/schema.ts';
import { systemClock } from '../core/clock.ts';
import { formatDuration, parseDuration } from '../core/duration.ts';
import { RollbackdError } from '../core/errors.ts';
import { askHttp } from '../probes/ask.ts';
import { captureLatencies } from '../probes/capture-latencies.ts';
import { configurationWithoutSecrets } from './configured-shape.ts';
import { type Terminal, writeLines } from './terminal.ts';

interface Options {
  readonly config: string;
  readonly out: string;
  readonly requests: number;
  readonly pause: number;
  readonly force?: string;
}

/** Fewer tell no p95. */
const leastRequests = 20;

/** Needs no daemon: it is measured while the legacy system still serves. */
export const baselineCommand = (terminal: Terminal): Command =>
  new Command('baseline')
    .option('--config <file>', 'configuration file', defaultConfigFile(terminal.environment))
    .requiredOption('--out <file>', 'what is measured goes here, for baseline.latency.file')
    .addOption(new Option('--requests <count>', 'for each route').argParser(countOf).default(50))
    .addOption(new Option('--pause <time>', 'between two requests').argParser(pauseOf).default(200, '200ms'))
    .option('--force <name>', 'after the cut-over too: by your name you say that the legacy system still answers')
    .action(async ({ config: file, out, requests, pause, force }: Options) => {
      const config = configurationWithoutSecrets(file, terminal.environment);
      if (force === undefined) refuseAfterCutover(config);
      await refuseToOverwrite(out);
      const { target, probes } = config;
      const measuring = { target, probes, probeSet: probes.legacy, requests, pauseMs: pause };
      const measured = await captureLatencies({ ...measuring, ask: askHttp, clock: systemClock }, terminal.signal);
      if (measured.size === 0) throw nothingToAsk();
      // The cut-over may have been meanwhile.
      if (force === undefined) refuseAfterCutover(config);
      const capturedAt = new Date(systemClock.now()).toISOString();
      const forcedBy = force === undefined ? {} : { forcedBy: force };
      await writeLatencyFile(out, { capturedAt, ...forcedBy, routes: Object.fromEntries(measured) });
      const lines = [...measured].map(
        ([route, { p95, requests: asked }]) => `${route}: p95 ${formatDuration(p95)} of ${asked} requests`,
      );
      writeLines(terminal, [...lines, `written to ${out}: name it as baseline.latency.file`]);
    });

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= leastRequests) return count;
  throw new InvalidArgumentError(`a whole number of at least ${leastRequests}: fewer tell no p95.`);
}

function pauseOf(text: string): number {
  const pause = parseDuration(text);
  if (pause !== undefined) return pause;
  throw new InvalidArgumentError('a duration such as 200ms.');
}

function refuseAfterCutover({ migration: { cutoverAt } }: Config): void {
  if (systemClock.now() < cutoverAt) return;
  const at = new Date(cutoverAt).toISOString();
  throw new RollbackdError(
    'baseline',
    `the cut-over was at ${at}: what answers now is no measure of the legacy system`,
    {
      remedy: 'read it from the access log (baseline.latency.fromAccessLog) or give it (baseline.latency.given)',
    },
  );
}

const nothingToAsk = () =>
  new RollbackdError('baseline', 'probes.legacy has no route that can be asked without a login', {
    remedy: 'write one there, or give the numbers as baseline.latency.given',
  });
