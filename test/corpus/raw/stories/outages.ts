import { asked, at, from, mayAsk, rolledBackAlone, rolledBackAsApproved, story, told, withdrawn } from '../story.ts';

const unavailable = 'runbook, critical: System Unavailability: Application down for > 15 minutes';

export const outageStories = [
  story(
    'The process is gone for good at 60 requests a minute',
    { source: unavailable, lasts: '40', traffic: 60 },
    from('7').the({ application: 'gone' }),
    told('8:30', '10:30'),
    mayAsk('8', '22', 'severe'),
    rolledBackAlone('22', '24'),
  ),
  story(
    'Nothing at all happens for an hour at 60 requests a minute',
    { source: 'daily operation', lasts: '60', traffic: 60 },
  ),
];
export { asked, at, rolledBackAsApproved, withdrawn };
