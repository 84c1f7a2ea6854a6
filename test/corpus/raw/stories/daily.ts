import { always, asked, at, from, mayAsk, rolledBackAlone, story, told, toldAtMost } from '../story.ts';

const daily = 'daily operation';
const blind = 'design, promise 1: blind is not broken';

export const dailyStories = [
  story(
    'Three hours of an evening in which nothing happens, at 80 requests a minute',
    { source: daily, lasts: '03:00:00', traffic: 80 },
    toldAtMost(0),
  ),
  story(
    'A night of 1 request a minute in which nothing happens',
    { source: `${daily}: night traffic`, lasts: '03:00:00', traffic: 1 },
    toldAtMost(0),
  ),
  story(
    'A night of 4 requests a minute with a failing one now and then',
    { source: `${daily}: night traffic`, lasts: '02:30:00', traffic: 4 },
    always({ faults: [{ share: 0.015, status: 500 }] }),
  ),
  story(
    'A day breaks: from 2 to 150 requests a minute within two hours',
    { source: daily, lasts: '02:00:00', traffic: 2 },
    from('30').the({ perMinute: 10 }),
    from('60').the({ perMinute: 40 }),
    from('01:30:00').the({ perMinute: 150 }),
    toldAtMost(0),
  ),
  story(
    'A deploy every half hour, each a restart of six seconds',
    { source: `${daily}: deploys, restarts`, lasts: '01:50:00', traffic: 60 },
    from('10').inTurn('6s', '30', { application: 'gone' }),
    toldAtMost(0),
  ),
  story(
    'Three restarts of eight seconds within ten minutes',
    { source: `${daily}: restarts`, lasts: '45', traffic: 60 },
    from('15', '25').inTurn('8s', '4', { application: 'gone' }),
  ),
  story(
    'A restart of half a minute at 100 requests a minute',
    { source: `${daily}: restarts; runbook, when NOT: Transient Errors`, lasts: '35', traffic: 100 },
    from('15:02', '15:32').the({ application: 'gone' }),
  ),
  story(
    'A cron batch makes everything three times as slow for five minutes of every hour',
    { source: `${daily}: cron batches`, lasts: '80', traffic: 40 },
    from('5').inTurn('5', '55', { faults: [{ times: 3 }] }),
  ),
  story(
    "rollbackd does not trust the balancer's new certificate, users do",
    { source: `${daily}: certificate trouble of rollbackd itself`, lasts: '45', traffic: 40 },
    from('10').the({ certificate: 'not trusted' }),
  ),
  story(
    'rollbackd does not trust the certificate in a night of 2 requests a minute',
    { source: `${daily}: certificate trouble of rollbackd itself`, lasts: '50', traffic: 2 },
    from('10').the({ certificate: 'not trusted' }),
  ),
  story(
    "rollbackd's own network is gone for half an hour",
    { source: blind, lasts: '50', traffic: 60 },
    from('10', '40').the({ observer: 'without network' }),
  ),
  story(
    "rollbackd's own network is gone for half an hour in a night without users",
    { source: blind, lasts: '50', traffic: 0 },
    always({ bots: 0 }),
    from('10', '40').the({ observer: 'without network' }),
  ),
  story(
    'rollbackd is held up by its host for half an hour',
    { source: blind, lasts: '50', traffic: 60 },
    from('10', '40').the({ observer: 'held up' }),
  ),
  story(
    'The clock is set back by 90 seconds on a quiet day',
    { source: `${daily}: clock steps`, lasts: '30', traffic: 60 },
    at('15').clockStepsBy(-90),
    toldAtMost(0),
  ),
  story(
    'The clock is set forward by an hour and back again on a quiet day',
    { source: `${daily}: clock steps`, lasts: '50', traffic: 60 },
    at('15').clockStepsBy(3_600),
    at('35').clockStepsBy(-3_600),
    toldAtMost(1),
  ),
  story(
    'The clock is set back by 90 seconds while a third of the requests fails',
    { source: `${daily}: clock steps`, lasts: '35', traffic: 60 },
    from('15').the({ faults: [{ share: 0.33, status: 500 }] }),
    at('16:30').clockStepsBy(-90),
    mayAsk('15', '24', 'moderate'),
    asked('15', '24', 'severe'),
  ),
  story(
    'The log is rotated away and comes no more, while all is well',
    { source: `${daily}: a log rotated away`, lasts: '62', traffic: 60 },
    from('10').the({ log: 'gone' }),
    told('10', '60'),
  ),
  story(
    'The log is rotated away, and then every request fails',
    { source: `${daily}: a log rotated away; own requests raise`, lasts: '45', traffic: 60 },
    from('10').the({ log: 'gone' }),
    from('20').the({ faults: [{ status: 500 }] }),
    mayAsk('20', '40', 'moderate'),
    asked('20', '40', 'severe'),
  ),
  story(
    'The log is rotated away, and then the process is gone for good',
    { source: `${daily}: a log rotated away`, lasts: '42', traffic: 60 },
    from('10').the({ log: 'gone' }),
    from('20').the({ application: 'gone' }),
    told('20', '23:30'),
    mayAsk('20', '36', 'severe'),
    rolledBackAlone('35', '38'),
  ),
  story(
    'A change of the log format leaves lines that nobody can read, while all is well',
    { source: blind, lasts: '62', traffic: 60 },
    from('10').the({ log: 'garbled' }),
    told('10', '60'),
  ),
  story(
    'The balancer is stopped for twenty minutes, the application is well on its own port',
    { source: 'design: trouble of the balancer is told, and no reason for a rollback', lasts: '50', traffic: 60 },
    from('10', '30').the({ balancer: 'down' }),
    told('10', '14'),
  ),
  story(
    'A person puts up a page of their own in the balancer for half an hour, the application is well',
    { source: `${daily}: a planned stop`, lasts: '50', traffic: 30 },
    from('10', '40').the({ balancer: 'page' }),
  ),
  story(
    'rollbackd is restarted twice on a quiet day',
    { source: daily, lasts: '35', traffic: 60 },
    at('15').rollbackdRestarts(),
    at('25').rollbackdRestarts(),
    toldAtMost(0),
  ),
];
