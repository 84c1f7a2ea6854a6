import { asked, at, from, mayAsk, rolledBackAsApproved, story, told, withdrawn } from '../story.ts';

const severe = 'runbook, severe: High Error Rate: Error rate > 10% of requests';
const moderate = 'runbook, moderate: Intermittent Errors: Error rate 5-10% of requests';
const transient = 'runbook, when NOT: Transient Errors: temporary issues that resolve themselves';
const fast = 'table, goals: 30 % failing within 15 min at 5 a minute, all failing within 3 min at 20';

const failing = (share: number) => ({ faults: [{ share, status: 500 }] });

export const errorStories = [
  story(
    'A third of the requests fails at 5 requests a minute',
    { source: fast, lasts: '50', traffic: 5 },
    from('20').the(failing(0.33)),
    mayAsk('20', '35', 'moderate'),
    asked('20', '35', 'severe'),
  ),
  story(
    'Thirty percent of the requests fail at 60 requests a minute',
    { source: severe, lasts: '40', traffic: 60 },
    from('15:07').the(failing(0.3)),
    mayAsk('15', '21', 'moderate'),
    asked('15:07', '21', 'severe'),
  ),
  story(
    'Thirty percent of the requests fail at 300 requests a minute',
    { source: severe, lasts: '35', traffic: 300 },
    from('15:31').the(failing(0.3)),
    mayAsk('15', '20', 'moderate'),
    asked('15:31', '20', 'severe'),
  ),
  story(
    'Thirty percent of the requests fail at 60 requests a minute, in a log without tenants',
    { source: severe, lasts: '40', traffic: 60, logFormat: 'combined' },
    from('12').the(failing(0.3)),
    mayAsk('12', '18', 'moderate'),
    asked('12', '18', 'severe'),
  ),
  story(
    'Every request of a user fails at 20 requests a minute, while health is well',
    { source: fast, lasts: '30', traffic: 20 },
    from('10:04').the(failing(1)),
    mayAsk('10', '13:10', 'moderate'),
    asked('10', '13:10', 'severe'),
  ),
  story(
    'Every request of a user fails at 100 requests a minute, while health is well',
    { source: fast, lasts: '30', traffic: 100 },
    from('10:26').the(failing(1)),
    mayAsk('10', '13:30', 'moderate'),
    asked('10:26', '13:30', 'severe'),
  ),
  story(
    'Twelve percent of the requests fail at 120 requests a minute',
    { source: severe, lasts: '65', traffic: 120 },
    from('15').the(failing(0.13)),
    mayAsk('15', '55', 'moderate'),
    asked('15', '60', 'severe'),
  ),
  story(
    'Seven percent of the requests fail at 300 requests a minute',
    { source: moderate, lasts: '60', traffic: 300 },
    from('15').the(failing(0.073)),
    asked('15', '55', 'moderate'),
  ),
  story(
    'Seven percent of the requests fail at 60 requests a minute',
    { source: moderate, lasts: '80', traffic: 60 },
    from('15').the(failing(0.075)),
    asked('15', '01:15:00', 'moderate'),
  ),
  story(
    'A third of the requests fails for twenty minutes and is mended: the question is taken back',
    { source: 'design, promise 3: one that heals is withdrawn', lasts: '01:45:00', traffic: 60 },
    from('15', '35').the(failing(0.33)),
    mayAsk('15', '21', 'moderate'),
    asked('15', '21', 'severe'),
    withdrawn('35', '01:40:00'),
  ),
  story(
    'People say no to a third of failing requests, and are not asked the same again',
    {
      source: 'table: ask anew only on another criterion, a higher tier, one more leaked tenant, another plan',
      lasts: '75',
      traffic: 60,
    },
    from('15').the(failing(0.33)),
    mayAsk('15', '21', 'moderate'),
    asked('15', '21', 'severe'),
    at('25').person({ does: 'reject', name: 'Wulan', role: 'engineering-manager' }),
  ),
  story(
    'The engineering manager says yes to a third of failing requests, and that is enough',
    { source: 'runbook, authority: Severe Issues: Engineering manager or technical lead', lasts: '50', traffic: 60 },
    from('15').the(failing(0.33)),
    mayAsk('15', '21', 'moderate'),
    asked('15', '21', 'severe'),
    at('30').person({ does: 'approve', name: 'Wulan', role: 'engineering-manager' }),
    rolledBackAsApproved('30', '30:10'),
  ),
  story(
    'Seven percent failing takes the yes of the engineering manager and of the product owner',
    {
      source: 'runbook, authority: Moderate Issues: Engineering manager and product owner',
      lasts: '75',
      traffic: 200,
    },
    from('15').the(failing(0.073)),
    asked('15', '55', 'moderate'),
    at('58').person({ does: 'approve', name: 'Wulan', role: 'engineering-manager' }),
    at('65').person({ does: 'approve', name: 'Dewi', role: 'product-owner' }),
    rolledBackAsApproved('65', '65:10'),
  ),
  story(
    'Nothing can be written any more, by anybody, at 60 requests a minute',
    { source: severe, lasts: '50', traffic: 60 },
    from('12').the({ faults: [{ routes: ['POST /api/orders', 'PUT /api/orders/:id'], status: 500 }] }),
    mayAsk('12', '50', 'moderate'),
    asked('12', '37', 'severe'),
  ),
  story(
    'Every request fails for thirty seconds, once',
    { source: transient, lasts: '35', traffic: 30 },
    from('20:10', '20:40').the(failing(1)),
  ),
  story(
    'Two fifths of the requests fail for a minute, once, at 20 requests a minute',
    { source: transient, lasts: '35', traffic: 20 },
    from('20', '21').the(failing(0.4)),
  ),
  story(
    'A deploy logs everybody out: two fifths of the requests are 401 for ten minutes',
    { source: 'daily operation: tokens that expired are no errors of the application', lasts: '40', traffic: 60 },
    from('15', '25').the({
      faults: [
        {
          share: 0.4,
          status: 401,
          routes: ['GET /api/menu', 'GET /api/orders', 'POST /api/orders', 'GET /api/tables'],
        },
      ],
    }),
  ),
  story(
    'Users lose patience after three seconds while three fifths of the answers hang, and no latency is known from before',
    {
      source: 'table: users who give up after 3 s (499) while the answers hang, without a latency baseline: errors',
      lasts: '45',
      traffic: 40,
      latencyBaseline: false,
    },
    from('10').the({ patience: 3_000, faults: [{ share: 0.6, hangs: true }] }),
    mayAsk('10', '25', 'moderate'),
    asked('10', '25', 'severe'),
  ),
  story(
    'Users lose patience after four seconds while a quarter of the answers hangs, at 100 requests a minute',
    {
      source: 'table: users who give up after 3 s (499) while the answers hang, without a latency baseline: errors',
      lasts: '45',
      traffic: 100,
      latencyBaseline: false,
    },
    from('10:39').the({ patience: 4_000, faults: [{ share: 0.25, hangs: true }] }),
    mayAsk('10', '25:39', 'moderate'),
    asked('10:39', '25:39', 'severe'),
  ),
  story(
    'A search cancels its own requests after a tenth of a second with each letter typed',
    { source: 'table: a type-ahead that cancels after 100 ms is none', lasts: '50', traffic: 60 },
    from('5').the({ typedAhead: 40 }),
  ),
  story(
    'A search cancels most of all requests in a small café',
    {
      source: 'table: a type-ahead that cancels after 100 ms is none',
      lasts: '60',
      traffic: 6,
      latencyBaseline: false,
    },
    from('5').the({ typedAhead: 30 }),
  ),
  story(
    'A third of the requests fails, and people are told before they are asked anything else',
    { source: 'design, promise 7: someone is always told', lasts: '40', traffic: 20, mode: 'observe' },
    from('15').the(failing(0.33)),
    told('15', '25'),
  ),
];
