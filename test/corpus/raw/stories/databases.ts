import { always, asked, from, mayAsk, mayRollBackAlone, story, told } from '../story.ts';

const scenario4 = 'runbook, scenario 4: application cannot connect to unified database; verify database is running';
const mustHelp = 'design, safety rule 3: mongod at fault is paged, not rolled back';

export const databaseStories = [
  story(
    'mongod is gone for both systems: users wait 30 seconds for an error, and a rollback would not help',
    { source: mustHelp, lasts: '35', traffic: 60 },
    from('8').the({ mongod: 'down' }),
    told('8', '12'),
    mayAsk('9', '50', 'severe'),
    mayAsk('9', '50', 'critical'),
  ),
  story(
    'mongod is gone for both systems at 5 requests a minute',
    { source: mustHelp, lasts: '35', traffic: 5 },
    from('8:20').the({ mongod: 'down' }),
    told('8:20', '13'),
    mayAsk('9', '50', 'severe'),
    mayAsk('9', '50', 'critical'),
  ),
  story(
    'mongod is gone for both systems for 40 minutes: when it is back, what was slow meanwhile is no question',
    { source: mustHelp, lasts: '65', traffic: 60 },
    from('8', '48').the({ mongod: 'down' }),
    told('8', '12'),
    mayAsk('9', '48', 'severe'),
    mayAsk('9', '48', 'critical'),
  ),
  story(
    'mongod refuses the log-in of the application and of rollbackd, and everything fails at once',
    { source: mustHelp, lasts: '35', traffic: 30 },
    from('8').the({ mongod: 'login refused' }),
    told('8', '12'),
    mayAsk('9', '50', 'severe'),
    mayAsk('9', '50', 'critical'),
  ),
  story(
    'mongod restarts within 40 seconds',
    { source: 'runbook, when NOT: Transient Errors', lasts: '22', traffic: 20 },
    from('10', '10:40').the({ mongod: 'down' }),
  ),
  story(
    'The application loses its database again and again while mongod is well: a tenth of the requests fails and health says so',
    {
      source: 'runbook, severe: Database Connection Failures: Persistent connection issues',
      lasts: '72',
      traffic: 60,
    },
    from('10').the({ databaseConnected: false, faults: [{ share: 0.08, status: 500 }] }),
    told('10', '40'),
    mayAsk('10', '01:10:00', 'moderate'),
    asked('10', '70', 'severe'),
    mayAsk('10', '70', 'severe'),
  ),
  story(
    'The application cannot connect to the unified database, whose server is gone, while the legacy one has a server of its own',
    { source: scenario4, lasts: '40', traffic: 60 },
    always({ legacyServer: 'its own' }),
    from('8').the({ mongod: 'down' }),
    told('8', '12'),
    mayAsk('8', '50', 'severe'),
    mayAsk('8', '50', 'critical'),
    mayRollBackAlone('23', '50'),
    mayAsk('10', '40', 'severe'),
    mayAsk('10', '40', 'severe'),
  ),
  story(
    'An access list keeps rollbackd, and nobody else, away from mongod',
    { source: 'design, promise 1: blind is not broken', lasts: '35', traffic: 60 },
    from('8').the({ mongod: 'barred to rollbackd' }),
  ),
];
