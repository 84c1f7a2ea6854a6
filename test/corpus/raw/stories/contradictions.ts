import { always, asked, at, from, mayAsk, rolledBackAlone, story, told, toldAtMost } from '../story.ts';

const served =
  'table: health is bad on the port and through the balancer while the access log shows users being served: never "down", told as a contradiction';
const configuration = 'runbook, when NOT: Configuration Issues: problems that can be fixed with config changes';

const bothSay = <T>(answer: T) => ({ health: answer, healthThroughBalancer: answer });

export const contradictionStories = [
  story(
    'Health answers 503 everywhere while 60 requests a minute are served',
    { source: served, lasts: '35', traffic: 60 },
    from('6').the(bothSay(503 as const)),
    told('6', '22'),
  ),
  story(
    'Health answers 500 everywhere while 8 requests a minute are served',
    { source: served, lasts: '40', traffic: 8 },
    from('6:33').the(bothSay(500 as const)),
    told('6:33', '23'),
  ),
  story(
    'Health does not answer at all while 200 requests a minute are served',
    { source: served, lasts: '30', traffic: 200 },
    from('7').the(bothSay('nothing' as const)),
    told('7', '23'),
  ),
  story(
    'Health answers 503 everywhere in a night with 2 served requests a minute',
    { source: served, lasts: '70', traffic: 2 },
    from('6').the(bothSay(503 as const)),
    told('6', '22'),
  ),
  story(
    'Health answers 503 everywhere for two hours, the lists want a login, and one request a minute is served',
    {
      source: `${served} (also where isolation cannot look because the API wants a login)`,
      lasts: '02:10:00',
      traffic: 1,
    },
    always({ listsWantLogin: true, bots: 0 }),
    from('6').the(bothSay(503 as const)),
    told('6', '22'),
  ),
  story(
    'Health answers 503 everywhere for two hours, the lists want a login, and 6 requests a minute are served',
    {
      source: `${served} (also where isolation cannot look because the API wants a login)`,
      lasts: '02:10:00',
      traffic: 6,
    },
    always({ listsWantLogin: true, bots: 0 }),
    from('6:13').the(bothSay(503 as const)),
    told('6:13', '22'),
  ),
  story(
    'Health answers 503 everywhere and one of four workers is gone, while 60 requests a minute are served',
    { source: `${served} (also with one of four workers gone)`, lasts: '35', traffic: 60 },
    from('6').the({ ...bothSay(503 as const), workersGone: 1 }),
    told('6', '22'),
  ),
  story(
    'Health answers nothing and three of four workers are gone, while 10 requests a minute are served',
    { source: `${served} (also with one of four workers gone)`, lasts: '40', traffic: 10 },
    from('6:47').the({ ...bothSay('nothing' as const), workersGone: 3 }),
    told('6:47', '23'),
  ),
  story(
    'Health answers 503 everywhere, the lists want a login, and 25 requests a minute are served',
    { source: `${served} (also where isolation cannot look because the API wants a login)`, lasts: '35', traffic: 25 },
    always({ listsWantLogin: true }),
    from('6').the(bothSay(503 as const)),
    told('6', '22'),
  ),
  story(
    'Health answers 500 everywhere, the lists want a login, the process table cannot be seen, and 5 requests a minute are served',
    {
      source: `${served} (also where isolation cannot look because the API wants a login)`,
      lasts: '60',
      traffic: 5,
    },
    always({ listsWantLogin: true, processTable: 'unseen' }),
    from('6').the(bothSay(500 as const)),
    told('6', '22'),
  ),
  story(
    'Health answers 500 everywhere while a log without tenants shows that users are served',
    { source: served, lasts: '35', traffic: 60, logFormat: 'combined' },
    from('6').the(bothSay(500 as const)),
    told('6', '22'),
  ),
  story(
    'Health has moved elsewhere with a hotfix and answers 404, while 40 requests a minute are served',
    { source: configuration, lasts: '45', traffic: 40 },
    from('9').the(bothSay(404 as const)),
    told('9', '25'),
  ),
  story(
    'Health lies behind a login since the last deploy, while 60 requests a minute are served',
    { source: configuration, lasts: '45', traffic: 60 },
    from('9:13').the(bothSay('login page' as const)),
    told('9:13', '25'),
  ),
  story(
    'Health is answered 429 by a new limit of requests, while 100 requests a minute are served',
    { source: configuration, lasts: '30', traffic: 100 },
    from('5').the(bothSay(429 as const)),
    told('5', '21'),
  ),
  story(
    'The balancer answers the question for health with its own index page, as it always has',
    { source: 'target: behind nginx /health is not proxied: it answers index.html with 200', lasts: '30', traffic: 40 },
    always({ healthThroughBalancer: 'index page' }),
  ),
  story(
    'Health is bad through the balancer only, while users are served through it',
    { source: served, lasts: '30', traffic: 80 },
    from('6').the({ healthThroughBalancer: 502 }),
  ),
  story(
    'Health answers 503 while users are served, and 20 minutes later the application is really gone',
    { source: `${served}; and down is down once nobody is served`, lasts: '45', traffic: 60 },
    from('5').the(bothSay(503 as const)),
    from('25').the({ application: 'gone', health: 'well', healthThroughBalancer: 'well' }),
    told('5', '21'),
    mayAsk('26', '41', 'severe'),
    rolledBackAlone('39:40', '43'),
  ),
  story(
    'Health answers 503 while users are served, and the clock is set forward by an hour meanwhile',
    { source: served, lasts: '40', traffic: 30 },
    from('6').the(bothSay(503 as const)),
    at('15').clockStepsBy(3_600),
    told('6', '22'),
  ),
  story(
    'One of four workers is gone and everything else is well',
    { source: 'daily operation: one of four workers gone', lasts: '35', traffic: 60 },
    from('10').the({ workersGone: 1 }),
    toldAtMost(2),
  ),
  story(
    'The application says that it has no database while it serves everybody',
    { source: served, lasts: '20', traffic: 60 },
    from('5').the({ databaseConnected: false }),
  ),
  story(
    'Health answers nothing, the lists want a login, two of four workers are gone, and 3 requests a minute are served',
    { source: served, lasts: '60', traffic: 3 },
    always({ listsWantLogin: true }),
    from('6:20').the({ ...bothSay('nothing' as const), workersGone: 2 }),
    told('6:20', '23'),
  ),
  story(
    'Health answers 503 everywhere, the lists want a login, and a log without tenants shows 20 served requests a minute',
    { source: served, lasts: '40', traffic: 20, logFormat: 'combined' },
    always({ listsWantLogin: true }),
    from('6').the(bothSay(503 as const)),
    told('6', '22'),
  ),
  story(
    'Health answers 503 for 14 minutes and well for 80 seconds in turn, while 60 requests a minute are served all the time',
    { source: served, lasts: '45', traffic: 60 },
    from('6').inTurn('14', '1:20', bothSay(503 as const)),
    told('6', '22'),
  ),
  story(
    'Health answers 503 everywhere while half of 60 requests a minute is served and the other half fails',
    { source: `${served}; the other half is an error rate`, lasts: '40', traffic: 60 },
    from('6').the({ ...bothSay(503 as const), faults: [{ share: 0.5, status: 500 }] }),
    told('6', '12'),
    mayAsk('6', '12', 'moderate'),
    asked('6', '12', 'severe'),
  ),
  story(
    'Health answers nothing while a third of 12 requests a minute fails and the others are served',
    { source: `${served}; the other third is an error rate`, lasts: '40', traffic: 12 },
    from('8:10').the({ ...bothSay('nothing' as const), faults: [{ share: 0.35, status: 500 }] }),
    told('8:10', '18:10'),
    mayAsk('8', '18:10', 'moderate'),
    asked('8:10', '18:10', 'severe'),
  ),
];
