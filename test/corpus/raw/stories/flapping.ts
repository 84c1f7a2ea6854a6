import { asked, from, mayAsk, rolledBackAlone, story, told, withdrawn } from '../story.ts';

const adds = 'table: downtime adds up over a stated time; acted on when down for more than 15 of 20 min';
const partial = 'table: partial downtime is an error rate: asked within 10 min';
const damped = 'table: a series that crosses the threshold all day: one incident, asked at most once in a stated time';

export const flappingStories = [
  story(
    'Down 14 minutes and up 80 seconds in turn, at 60 requests a minute',
    { source: adds, lasts: '37', traffic: 60 },
    from('5').inTurn('14', '1:20', { application: 'gone' }),
    told('5', '8:30'),
    mayAsk('6', '36'),
    rolledBackAlone('21', '36'),
  ),
  story(
    'Down 12 minutes and up one minute in turn, at 15 requests a minute and another phase',
    { source: adds, lasts: '36', traffic: 15 },
    from('7:38').inTurn('12', '1', { application: 'failing' }),
    told('7:38', '11'),
    mayAsk('8', '35'),
    rolledBackAlone('23:30', '34'),
  ),
  story(
    'Down 10 minutes and up two in turn, at 30 requests a minute',
    { source: adds, lasts: '33', traffic: 30 },
    from('4:50').inTurn('10', '2', { application: 'gone' }),
    told('4:50', '8:20'),
    mayAsk('5', '32'),
    rolledBackAlone('21:45', '31'),
  ),
  story(
    'Down five minutes and up five in turn, at 60 requests a minute',
    { source: partial, lasts: '55', traffic: 60 },
    from('5').inTurn('5', '5', { application: 'gone' }),
    told('5', '8:30'),
    asked('5', '15'),
    mayAsk('5', '65', 'severe', 'critical'),
  ),
  story(
    'Down five minutes and up five in turn, at 12 requests a minute and another phase',
    { source: partial, lasts: '55', traffic: 12 },
    from('6:35').inTurn('5', '5', { application: 'failing' }),
    told('6:35', '10'),
    asked('6:35', '17'),
    mayAsk('5', '65', 'severe', 'critical'),
  ),
  story(
    'Down ten seconds and up ten in turn, at 60 requests a minute',
    { source: partial, lasts: '40', traffic: 60 },
    from('8').inTurn('10s', '10s', { application: 'gone' }),
    asked('8', '18', 'severe'),
  ),
  story(
    'Down ten seconds and up ten in turn, at 200 requests a minute and another phase',
    { source: partial, lasts: '30', traffic: 200 },
    from('8:03').inTurn('10s', '10s', { application: 'failing' }),
    asked('8', '18', 'severe'),
  ),
  story(
    'Down twenty seconds and up ten in turn, at 60 requests a minute',
    { source: partial, lasts: '40', traffic: 60 },
    from('7:01').inTurn('20s', '10s', { application: 'gone' }),
    asked('7', '17', 'severe', 'critical'),
    mayAsk('7', '50', 'critical'),
  ),
  story(
    'Down twenty seconds and up ten in turn, at 20 requests a minute and another phase',
    { source: partial, lasts: '40', traffic: 20 },
    from('7:17').inTurn('20s', '10s', { application: 'failing' }),
    asked('7', '17:17', 'severe', 'critical'),
    mayAsk('7', '50', 'critical'),
  ),
  story(
    'Down forty seconds and up twenty in turn for 25 minutes, and well from then on',
    { source: 'design, promise 3: one that heals is withdrawn', lasts: '01:35:00', traffic: 40 },
    from('10', '35').inTurn('40s', '20s', { application: 'gone' }),
    asked('10', '20', 'severe', 'critical'),
    mayAsk('10', '36', 'critical'),
    withdrawn('36', '01:35:00'),
  ),
  story(
    'A crash of one minute in every six is an error rate',
    { source: partial, lasts: '80', traffic: 30 },
    from('6').inTurn('1', '5', { application: 'gone' }),
    asked('6', '46', 'moderate', 'severe'),
    mayAsk('6', '02:10:00', 'severe'),
  ),
  story(
    'A quarter of the requests fails for 8 minutes of every 30: asked once or twice, not each time',
    { source: damped, lasts: '02:30:00', traffic: 40 },
    from('10').inTurn('8', '22', { faults: [{ share: 0.25, status: 500 }] }),
    asked('10', '50', 'severe', 'moderate'),
    mayAsk('10', '04:00:00', 'severe', 'moderate'),
  ),
  story(
    'Two fifths of the requests fail for 4 minutes of every 15, at 20 requests a minute',
    { source: damped, lasts: '02:00:00', traffic: 20 },
    from('12').inTurn('4', '11', { faults: [{ share: 0.4, status: 500 }] }),
    asked('12', '60', 'severe', 'moderate'),
    mayAsk('10', '04:00:00', 'severe', 'moderate'),
  ),
  story(
    'Answers take six times as long for ten minutes of every twenty',
    { source: damped, lasts: '02:30:00', traffic: 60 },
    from('10').inTurn('10', '10', { faults: [{ times: 6 }] }),
    told('10', '20'),
    mayAsk('40', '04:00:00', 'severe', 'moderate'),
  ),
  story(
    'Three minutes down, an hour well, three minutes down: two short outages, and no question for long',
    { source: 'runbook, when NOT: Transient Errors', lasts: '90', traffic: 6 },
    from('10', '01:20:00').inTurn('3', '60', { application: 'gone' }),
    told('10', '13:30'),
    mayAsk('10', '01:20:00', 'severe'),
  ),
];
