import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { openRecorder } from '../../src/recorder/recorder.ts';
import { Faults } from '../../src/replay/inputs/faults.ts';
import type { InputFormat, Measure } from '../../src/replay/inputs/input.ts';
import { momentOf } from '../../src/replay/inputs/moment.ts';
import { openInput } from '../../src/replay/inputs/open-input.ts';
import { burst, combinedLine, exampleConfig, jsonLine, start, written } from './written.ts';

interface Way {
  readonly format?: InputFormat;
  readonly measure?: Measure;
  readonly from?: number;
  readonly to?: number;
}

async function read(file: string, { format, measure, from = 0, to = Number.MAX_SAFE_INTEGER }: Way = {}) {
  const { target, probes, traffic, rules } = exampleConfig();
  const faults = new Faults();
  const requests = { target, probes, traffic, slotMs: rules.requests.slot };
  const seen: Observation[] = [];
  for await (const some of openInput({ file, from, to, measure, requests, faults }, format)) seen.push(...some);
  return { seen, faults };
}

/** All requests that are counted, and all that failed, whatever the slots. */
function counted(seen: readonly Observation[]) {
  const slots = seen.flatMap((each) =>
    each.probe === 'requests' && each.status === 'observed' ? each.values.slots : [],
  );
  const sum = (of: 'requests' | 'errors') => slots.reduce((total, slot) => total + slot[of], 0);
  return { requests: sum('requests'), errors: sum('errors') };
}

const header = '{"rollbackd":"observations","version":1}';
const control = (at: number) =>
  JSON.stringify({ probe: 'control', status: 'observed', at, tookMs: 1, values: { loopDelayMs: 0 } });

describe('observations as JSON lines', () => {
  it('are read in their order, and a line that is none is named and passed over', async () => {
    const file = written([header, control(start), 'nonsense', control(start + 5_000), '{"probe":"control"}']);
    const { seen, faults } = await read(file);
    expect(seen.map(({ at }) => at - start)).toEqual([0, 5_000]);
    expect(faults.named.map(({ line }) => line)).toEqual([3, 5]);
  });

  it('of another version are refused as a whole', async () => {
    const file = written(['{"rollbackd":"observations","version":2}', control(start)]);
    await expect(read(file)).rejects.toThrow('line 1 must be {"rollbackd":"observations","version":1}');
  });

  it('are read from a moment on, and up to another', async () => {
    const file = written([header, ...[0, 1, 2, 3].map((second) => control(start + second * 1_000))]);
    const { seen } = await read(file, { from: start + 1_000, to: start + 3_000 });
    expect(seen.map(({ at }) => at - start)).toEqual([1_000, 2_000]);
  });

  it('that cannot be used are all counted, and only the first are named', async () => {
    const { faults } = await read(written([header, ...Array.from({ length: 100 }, () => 'nonsense')]));
    expect(faults.count).toBe(100);
    expect(faults.named.length).toBe(20);
  });
});

describe("the recorder's own file", () => {
  it('is read while a daemon has it open, and the file stays as it is', async () => {
    const file = written([], 'ignored').replace('ignored', 'observations.db');
    using recorder = openRecorder({ file, limitBytes: 2 ** 24 });
    recorder.record([JSON.parse(control(start)), JSON.parse(control(start + 1_000))]);
    const { seen, faults } = await read(file);
    expect(seen.map(({ at }) => at - start)).toEqual([0, 1_000]);
    expect(faults.count).toBe(0);
  });

  it('that is another SQLite file is refused by name', async () => {
    const file = written('SQLite format 3\u0000 and nothing else');
    await expect(read(file)).rejects.toThrow('cannot be read as what the probes saw');
  });
});

describe('an access log', () => {
  it.each([
    { format: 'json', line: jsonLine },
    { format: 'combined', line: combinedLine },
  ])('as $format is counted as the daemon would have counted it', async ({ line }) => {
    const { seen, faults } = await read(written(burst.map(line)));
    expect(counted(seen)).toEqual({ requests: 1_200, errors: 150 });
    expect(faults.count).toBe(0);
  });

  it('is looked at at the pace of the configuration, in silence too', async () => {
    const { seen } = await read(
      written([0, 60_000].map((since) => jsonLine({ at: start + since, failed: false, tenant: 'kopi' }))),
    );
    expect(seen.map(({ at }) => at - start)).toEqual(Array.from({ length: 13 }, (_, index) => index * 5_000));
  });

  it('names the lines that are no request, and those that are long past when they come', async () => {
    const lines = burst.slice(0, 3).map(jsonLine);
    const old = jsonLine({ at: start - 7_200_000, failed: true, tenant: 'kopi' });
    const { seen, faults } = await read(written([...lines, 'cut off in the mid', old]));
    expect(counted(seen).requests).toBe(3);
    expect(faults.named.map(({ line }) => line)).toEqual([4, 5]);
  });
});

describe('CSV', () => {
  it('of requests is counted like a log', async () => {
    const rows = burst.map(
      ({ at, failed, tenant }) => `${new Date(at).toISOString()},${tenant},GET /api/menu,${failed ? 500 : 200},30`,
    );
    const { seen } = await read(written(['timestamp,tenant,route,status,duration', ...rows]));
    expect(counted(seen)).toEqual({ requests: 1_200, errors: 150 });
  });

  it('of requests names each row that is none, with the reason', async () => {
    const rows = [
      'yesterday,a,/x,200,1',
      '1763596800,a,x,200,1',
      '1763596800,a,/x,20,1',
      '1763596800,a,/x,200',
      '1763596800,"a,b",/x,200,1',
    ];
    const { seen, faults } = await read(written(['timestamp,tenant,route,status,duration', ...rows]));
    expect(faults.named.map(({ line, what }) => `${line} ${what.split(':')[0]}`)).toEqual([
      '2 "yesterday" is no time',
      '3 "x" is no route such as GET /api/menu',
      '4 "20" is no HTTP status',
      '5 4 fields, not 5',
    ]);
    expect(counted(seen).requests).toBe(1);
  });

  it('of values is what Prometheus would have said', async () => {
    const { seen, faults } = await read(
      written(['timestamp,value', '1763596800,0.02', '1763596860,1.2', '1763596920,']),
      {
        measure: 'error-rate',
      },
    );
    expect(seen).toEqual([
      {
        probe: 'prometheus',
        status: 'observed',
        at: 1_763_596_800_000,
        tookMs: 0,
        values: { series: [{ query: 'input', measure: 'error-rate', value: 0.02 }], unusable: [] },
      },
    ]);
    expect(faults.named.map(({ what }) => what)).toEqual(['1.2 is no share from 0 to 1', '"" is no number']);
  });

  it('of values must be said what they are', async () => {
    await expect(read(written(['timestamp,value', '1,1']))).rejects.toThrow('nothing says of what');
  });
});

describe('a Prometheus range answer', () => {
  const answer = {
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: { tenant: 'kopi' },
          values: [
            [1_763_596_800, '0.25'],
            [1_763_596_860, 'NaN'],
          ],
        },
        { metric: {}, values: [[1_763_596_800, '0.5']] },
      ],
    },
  };

  it('is looked at moment by moment: seconds as milliseconds, and what is no number is unusable', async () => {
    const { seen } = await read(written(JSON.stringify(answer)), { measure: 'latency' });
    expect(seen.map((each) => each.status === 'observed' && each.values)).toEqual([
      {
        series: [
          { query: 'input', measure: 'latency', tenant: 'kopi', value: 250 },
          { query: 'input', measure: 'latency', value: 500 },
        ],
        unusable: [],
      },
      { series: [], unusable: [{ query: 'input', reason: 'NaN is no number' }] },
    ]);
  });

  it('with warnings, or with several series of the same tenant and route, is refused: live they would say nothing', async () => {
    const refused = (change: object) =>
      expect(read(written(JSON.stringify({ ...answer, ...change })), { measure: 'latency' })).rejects;
    await refused({ warnings: ['too many samples'] }).toThrow(
      'Prometheus warns of it, so that it says nothing: too many',
    );
    const twice = [...answer.data.result, { metric: { instance: 'b' }, values: [] }];
    await refused({ data: { ...answer.data, result: twice } }).toThrow('several series of the same tenant and route');
  });

  it('of one moment only is refused with where it differs', async () => {
    const vector = JSON.stringify({ ...answer, data: { resultType: 'vector', result: [] } });
    await expect(read(written(vector), { measure: 'latency' })).rejects.toThrow('no answer of /api/v1/query_range');
  });
});

describe('an input', () => {
  it('that is nothing known is refused, with what it could be', async () => {
    await expect(read(written('hello\n'))).rejects.toThrow('recorder, observations, access-log, csv, prometheus');
  });

  it('that is not there is refused by name', async () => {
    await expect(read('/nowhere/at-all.log')).rejects.toThrow('/nowhere/at-all.log: it cannot be opened (ENOENT)');
  });
});

describe('a time', () => {
  it.each([
    ['2026-11-20T01:00:00+01:00', start],
    ['1795132800', 1_795_132_800_000],
    ['1795132800.5', 1_795_132_800_500],
    ['1795132800000', 1_795_132_800_000],
    ['2026-11-20', undefined],
    ['2026-11-20T01:00:00', undefined],
    ['noon', undefined],
  ])('%s is read the same everywhere, or not at all', (text, at) => {
    expect(momentOf(text)).toBe(at);
  });
});
