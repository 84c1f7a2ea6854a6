import { always, asked, from, mayAsk, story, told } from '../story.ts';

const feature =
  'runbook, moderate: Feature Breakage: Critical features not working for multiple tenants; table: feature-breakage';
const scenario5 = 'runbook, scenario 5: some tenants migrated successfully, others failed';

export const featureStories = [
  story(
    'Forty small tenants fail wholly, together 2.5 % of 200 requests a minute',
    { source: feature, lasts: '92', traffic: 200 },
    always({ smallTenants: { count: 40, share: 0.025 } }),
    from('30').the({ faults: [{ tenants: Array.from({ length: 40 }, (_, index) => `small-${index}`), status: 500 }] }),
    asked('30', '01:30:00', 'moderate'),
  ),
  story(
    'Thirty of sixty small tenants fail wholly, together 3 % of 300 requests a minute',
    { source: feature, lasts: '82', traffic: 300 },
    always({ smallTenants: { count: 60, share: 0.06 } }),
    from('30').the({ faults: [{ tenants: Array.from({ length: 30 }, (_, index) => `small-${index}`), status: 500 }] }),
    asked('30', '01:20:00', 'moderate'),
  ),
  story(
    'Two of the eight tenants fail wholly, together 8 % of the traffic',
    { source: scenario5, lasts: '58', traffic: 100 },
    from('15').the({ faults: [{ tenants: ['rawon', 'soto'], status: 500 }] }),
    asked('15', '55', 'moderate'),
    mayAsk('15', '60', 'moderate'),
    mayAsk('15', '60', 'severe'),
  ),
  story(
    'One tenant fails wholly, and seven percent of all the others: that one hides nothing',
    { source: 'runbook, moderate: Error Rate: 5-10% of requests failing', lasts: '55', traffic: 200 },
    from('10').the({
      faults: [
        { tenants: ['kopi'], status: 500 },
        { share: 0.07, status: 500 },
      ],
    }),
    told('10', '30'),
    asked('10', '50'),
    mayAsk('10', '60', 'moderate', 'severe'),
  ),
  story(
    'A great and a small tenant fail wholly: two are several',
    { source: scenario5, lasts: '72', traffic: 200 },
    always({ smallTenants: { count: 4, share: 0.06 } }),
    from('10').the({ faults: [{ tenants: ['kopi', 'small-0'], status: 500 }] }),
    told('10', '30'),
    asked('10', '01:10:00'),
    mayAsk('10', '80', 'moderate', 'severe'),
  ),
  story(
    'Log-in fails with 500 for everybody, four times a minute',
    { source: feature, lasts: '52', traffic: 100 },
    from('20').the({ faults: [{ routes: ['POST /api/auth/login'], status: 500 }] }),
    asked('20', '50', 'moderate'),
  ),
  story(
    'Log-in fails with 500 for everybody, once a minute',
    { source: feature, lasts: '92', traffic: 30 },
    from('20').the({ faults: [{ routes: ['POST /api/auth/login'], status: 500 }] }),
    asked('20', '01:30:00', 'moderate'),
  ),
  story(
    'Log-in is refused with 401 to everybody after an hour in which it was not, four times a minute',
    { source: feature, lasts: '112', traffic: 100 },
    from('60').the({ faults: [{ routes: ['POST /api/auth/login'], status: 401 }] }),
    asked('60', '01:50:00', 'moderate'),
  ),
  story(
    'Log-in is refused with 401 to everybody after an hour in which it was not, eight times a minute',
    { source: feature, lasts: '106', traffic: 200 },
    from('01:03:20').the({ faults: [{ routes: ['POST /api/auth/login'], status: 401 }] }),
    asked('01:03:20', '01:43:20', 'moderate'),
  ),
  story(
    'Log-in fails for one tenant alone',
    {
      source: 'runbook, when NOT: Minor Bugs: issues affecting single tenant or non-critical features',
      lasts: '60',
      traffic: 100,
    },
    from('20').the({ faults: [{ routes: ['POST /api/auth/login'], tenants: ['negoes'], status: 500 }] }),
  ),
  story(
    'The report always fails, for everybody, three times a minute',
    { source: feature, lasts: '67', traffic: 60 },
    from('20').the({ faults: [{ routes: ['GET /api/reports/daily'], status: 500 }] }),
    asked('20', '65', 'moderate'),
    mayAsk('20', '65', 'moderate'),
  ),
  story(
    'The report always fails, for everybody, once a minute',
    { source: feature, lasts: '97', traffic: 20 },
    from('20').the({ faults: [{ routes: ['GET /api/reports/daily'], status: 502 }] }),
    asked('20', '01:35:00', 'moderate'),
    mayAsk('20', '01:35:00', 'moderate'),
  ),
  story(
    'Orders cannot be changed any more, by anybody, three times a minute',
    { source: feature, lasts: '67', traffic: 60 },
    from('20:25').the({ faults: [{ routes: ['PUT /api/orders/:id'], status: 500 }] }),
    asked('20', '65', 'moderate'),
    mayAsk('20', '65', 'moderate'),
  ),
  story(
    'The orders are answered empty to all tenants, everything else is well',
    {
      source: 'table: one collection answered empty for all tenants, the others well: at least told',
      lasts: '40',
      traffic: 60,
    },
    from('15').the({ empty: ['orders'] }),
    told('15', '35'),
    mayAsk('15', '60'),
  ),
  story(
    'The menu is answered empty to all tenants at 6 requests a minute',
    {
      source: 'table: one collection answered empty for all tenants, the others well: at least told',
      lasts: '40',
      traffic: 6,
    },
    from('15:20').the({ empty: ['menu'] }),
    told('15:20', '35'),
    mayAsk('15', '60'),
  ),
  story(
    'One tenant is missing from the unified list of tenants',
    { source: 'table: a tenant that the probe sees missing: a verdict', lasts: '37', traffic: 60 },
    from('12').the({ missingTenants: { from: 'unified tenants', slugs: ['soto'] } }),
    told('12', '35'),
  ),
  story(
    'Three tenants are missing from the unified list of tenants, from the first look on',
    { source: `${scenario5}; table: a tenant that the probe sees missing: a verdict`, lasts: '30', traffic: 60 },
    always({ missingTenants: { from: 'unified tenants', slugs: ['gudeg', 'rawon', 'soto'] } }),
    told('0', '25'),
    mayAsk('5', '60'),
  ),
];
