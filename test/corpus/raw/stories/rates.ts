import { always, asked, from, mayAsk, story, told } from '../story.ts';

const noisy = 'table: a steady 3 % at 5, 2 % at 20, 3 % at 50 requests a minute: silent';
const rare =
  'table: 100 % errors for 20 s of every 5 min (7 % over hours): asked as moderate within 40 min, at any phase';
const recurring = 'table: 60 % for 110 s of every 180 s: asked as severe within 15 min, at any phase';
const bots = 'table: a flood of 401 and 404 from bots around 30 % failing users: not diluted';
const oneTenant = 'runbook, when NOT: Minor Bugs: issues affecting single tenant';

const failing = (share: number) => ({ faults: [{ share, status: 500 }] });

const steady = (percent: number, perMinute: number, hours: number) =>
  story(
    `A steady ${percent} % of the requests fails at ${perMinute} requests a minute, for ${hours} hours`,
    { source: noisy, lasts: `${hours}:00:00`, traffic: perMinute },
    always(failing(percent / 100)),
  );

const burst = (perMinute: number, begin: string, end: string) =>
  story(
    `Every request fails for 20 seconds of every five minutes from ${begin} on, at ${perMinute} requests a minute`,
    { source: rare, lasts: '65', traffic: perMinute },
    from(begin).inTurn('20s', '4:40', failing(1)),
    asked(begin, end, 'moderate'),
  );

const wave = (begin: string, end: string, perMinute: number) =>
  story(
    `Three fifths of the requests fail for 110 of every 180 seconds from ${begin} on, at ${perMinute} requests a minute`,
    { source: recurring, lasts: '60', traffic: perMinute },
    from(begin).inTurn('1:50', '1:10', failing(0.6)),
    mayAsk(begin, end, 'moderate'),
    asked(begin, end, 'severe'),
  );

export const rateStories = [
  steady(3, 5, 4),
  steady(2, 20, 3),
  steady(3, 50, 3),
  steady(2.5, 200, 2),
  steady(1, 2, 3),
  burst(60, '15', '55'),
  burst(60, '16:47', '57'),
  burst(200, '15:25', '56'),
  wave('15', '30', 40),
  wave('15:45', '30:45', 40),
  wave('16:40', '31:40', 40),
  wave('15:20', '30:20', 150),
  story(
    'A third of 20 requests a minute fails amid 200 a minute of bots',
    { source: bots, lasts: '45', traffic: 20 },
    always({ bots: 200 }),
    from('15').the(failing(0.33)),
    mayAsk('15', '30', 'moderate'),
    asked('15', '30', 'severe'),
  ),
  story(
    'A third of 30 requests a minute fails amid 270 a minute of bots that came with the trouble',
    { source: bots, lasts: '45', traffic: 30 },
    from('15').the({ bots: 270 }),
    from('15').the(failing(0.33)),
    mayAsk('15', '30', 'moderate'),
    asked('15', '30', 'severe'),
  ),
  story(
    'Bots ask 250 times a minute for what there is not, around ten requests of users',
    { source: 'daily operation: bots', lasts: '60', traffic: 10 },
    from('10', '01:10:00').the({ bots: 250 }),
  ),
  story(
    'Everything fails for one tenant with a sixth of the traffic',
    { source: oneTenant, lasts: '60', traffic: 60 },
    from('15').the({ faults: [{ tenants: ['kopi'], status: 500 }] }),
    told('15', '45'),
  ),
  story(
    'Everything fails for the greatest tenant, which is a third of the traffic',
    { source: oneTenant, lasts: '60', traffic: 30 },
    from('15').the({ faults: [{ tenants: ['negoes'], status: 500 }] }),
    told('15', '45'),
  ),
  story(
    'The import of one tenant fails, 100 requests a minute of it, beside 20 a minute of all',
    { source: "daily operation: a tenant's import", lasts: '45', traffic: 20 },
    from('10', '40').the({ importing: { tenant: 'sate', perMinute: 100, failing: 0.6 } }),
    told('10', '40'),
  ),
  story(
    'The import of one tenant goes well, 150 requests a minute of it',
    { source: "daily operation: a tenant's import", lasts: '45', traffic: 20 },
    from('10', '40').the({ importing: { tenant: 'sate', perMinute: 150, failing: 0 } }),
  ),
];
