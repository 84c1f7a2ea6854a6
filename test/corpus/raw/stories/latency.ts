import { always, asked, at, from, mayAsk, story, told, toldAtMost, withdrawn } from '../story.ts';

const short = 'table: p95 8x for 3 min after a restart (cold caches); 6x for 4 min (a batch): told; nobody is asked';
const fixes = 'runbook, scenario 3: attempt quick fixes first; if no improvement in 30 minutes, initiate rollback';
const moderate = 'runbook, moderate: Performance Issues: Response times 2-5x baseline';
const tuning = 'runbook, when NOT: Performance Tuning: issues that can be resolved with index optimization';

const slower = (times: number) => ({ faults: [{ times }] });

export const latencyStories = [
  story(
    'Answers take eight times as long for three minutes after a restart, at 60 requests a minute',
    { source: short, lasts: '30', traffic: 60 },
    from('10', '10:06').the({ application: 'gone' }),
    from('10:06', '13:06').the(slower(8)),
    told('10', '16'),
  ),
  story(
    'Answers take seven times as long for three minutes after a restart, at 200 requests a minute',
    { source: short, lasts: '28', traffic: 200 },
    from('10:32', '10:40').the({ application: 'gone' }),
    from('10:40', '13:40').the(slower(7)),
    told('10:32', '16:30'),
  ),
  story(
    'A batch makes answers six times as slow for four minutes, at 60 requests a minute',
    { source: short, lasts: '30', traffic: 60 },
    from('12:20', '16:20').the(slower(6)),
    told('12:20', '19'),
  ),
  story(
    'A batch makes answers six times as slow for four minutes of each hour, at 25 requests a minute',
    { source: short, lasts: '90', traffic: 25 },
    from('12').inTurn('4', '56', slower(6)),
  ),
  story(
    'Answers take eight times as long, at 60 requests a minute',
    { source: fixes, lasts: '60', traffic: 60 },
    from('10').the(slower(8)),
    told('10', '20'),
    asked('40', '55', 'severe'),
  ),
  story(
    'Answers take ten times as long, at 150 requests a minute',
    { source: fixes, lasts: '55', traffic: 150 },
    from('8:47').the(slower(10)),
    told('8:47', '18:47'),
    asked('38:47', '53', 'severe'),
  ),
  story(
    'Answers take seven times as long, at 20 requests a minute',
    { source: fixes, lasts: '70', traffic: 20 },
    from('10').the(slower(7)),
    told('10', '25'),
    asked('40', '01:05:00', 'severe'),
    mayAsk('40', '01:05:00', 'moderate'),
  ),
  story(
    'Answers take eight times as long through a night of 3 requests a minute',
    { source: fixes, lasts: '01:42:00', traffic: 3 },
    from('20').the(slower(8)),
    told('20', '50'),
    asked('50', '01:40:00', 'severe'),
    mayAsk('50', '01:40:00', 'moderate'),
  ),
  story(
    'Answers take eight times as long until an index is put right after 25 minutes',
    { source: fixes, lasts: '60', traffic: 60 },
    from('10', '35').the(slower(8)),
    told('10', '20'),
  ),
  story(
    'Answers take eight times as long, and ten minutes later a third of them fails',
    {
      source: 'table: quick fixes first, for 30 min, then the question, sooner only if errors join',
      lasts: '45',
      traffic: 60,
    },
    from('10').the(slower(8)),
    from('20').the({ faults: [{ share: 0.33, status: 500 }] }),
    told('10', '20'),
    mayAsk('20', '27', 'moderate'),
    asked('20', '27', 'severe'),
    mayAsk('40', '45', 'severe'),
  ),
  story(
    'Answers take eight times as long for 50 minutes and are well again: the question is taken back',
    { source: 'design, promise 3: one that heals is withdrawn', lasts: '02:00:00', traffic: 60 },
    from('10', '60').the(slower(8)),
    told('10', '20'),
    asked('40', '55', 'severe'),
    withdrawn('60', '01:58:00'),
  ),
  story(
    'Answers take three times as long, at 60 requests a minute',
    { source: moderate, lasts: '01:27:00', traffic: 60 },
    from('10').the(slower(3.2)),
    told('10', '41'),
    asked('40', '01:25:00', 'moderate'),
  ),
  story(
    'Answers take four times as long, at 150 requests a minute',
    { source: moderate, lasts: '01:27:00', traffic: 150 },
    from('10:51').the(slower(3.8)),
    told('10:51', '42'),
    asked('40:51', '01:25:00', 'moderate'),
  ),
  story(
    'Answers take half as long again as before',
    { source: moderate, lasts: '70', traffic: 60 },
    from('10').the(slower(1.5)),
    toldAtMost(4),
  ),
  story(
    'The daily report alone takes eight times as long',
    { source: tuning, lasts: '60', traffic: 60 },
    from('10').the({ faults: [{ routes: ['GET /api/reports/daily'], times: 8 }] }),
  ),
  story(
    'The list of orders alone takes ten times as long: an index is missing',
    { source: tuning, lasts: '60', traffic: 60 },
    from('10').the({ faults: [{ routes: ['GET /api/orders'], times: 10 }] }),
    told('10', '45'),
  ),
  story(
    'A third party is slow, and with it every new order for half an hour',
    { source: 'daily operation: a slow third party', lasts: '50', traffic: 40 },
    from('10', '40').the({ faults: [{ routes: ['POST /api/orders'], times: 12 }] }),
  ),
  story(
    'The nightly backup makes everything two and a half times as slow for 20 minutes',
    { source: 'daily operation: backups', lasts: '55', traffic: 6 },
    from('15', '35').the(slower(2.5)),
  ),
  story(
    'Answers take eight times as long, and nobody knows how long they took before',
    { source: 'design, promise 1: blind is not broken', lasts: '55', traffic: 60, latencyBaseline: false },
    from('10').the(slower(8)),
  ),
  story(
    'Answers take eight times as long, and the clock is set forward by an hour at the beginning',
    { source: 'table: the clock steps; durations by the monotonic clock', lasts: '60', traffic: 60 },
    from('10').the(slower(8)),
    at('15').clockStepsBy(3_600),
    told('10', '22'),
    asked('40', '57', 'severe'),
  ),
  story(
    'A sale brings five times the traffic and half as slow again answers for an hour',
    { source: 'daily operation', lasts: '50', traffic: 50 },
    always({ bots: 3 }),
    from('15', '01:15:00').the({ perMinute: 250, ...slower(1.6) }),
  ),
];
