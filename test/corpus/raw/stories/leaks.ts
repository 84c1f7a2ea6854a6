import {
  always,
  asked,
  at,
  contained,
  from,
  mayAsk,
  mayContain,
  rolledBackAlone,
  story,
  told,
  toldAtMost,
} from '../story.ts';
import type { Leak } from '../world.ts';

const breach = 'runbook, critical: Security Breach: Cross-tenant data leakage detected; scenario 2: IMMEDIATE stop';
const oneProven =
  'table: one proven foreign document: told at once, asked again at once, contained on the second within an hour';
const otherShape = 'table: the foreign document comes under another field: a leak';
const neverDecides = 'table: a leak on a route that is not trusted, or known from before: shown as such; never decides';
const byCache =
  "table: a leak by the balancer's cache: asked through the balancer too; told apart from the application's";

const menuLeak: Leak = { as: 'negoes', of: 'kopi', route: 'menu', on: 'list' };

const otherName = 'table: an API that says `id` where the database says `_id`: two settings';

export const leakStories = [
  story(
    'An API that says `id` where the database says `_id` puts documents of another tenant into a list',
    { source: otherName, lasts: '20', traffic: 60, routes: 'ids are called id' },
    always({ idIsCalled: 'id' }),
    from('10').the({ leaks: [menuLeak] }),
    told('10', '11:10'),
    contained('10', '11:10'),
    rolledBackAlone('10:10', '14'),
  ),
  story(
    "An API that says `id` where the database says `_id` gives out another tenant's document by its id",
    { source: otherName, lasts: '20', traffic: 8, routes: 'ids are called id' },
    always({ idIsCalled: 'id' }),
    from('10:11').the({ leaks: [{ as: 'soto', of: 'negoes', route: 'menu', on: 'one' }] }),
    told('10:11', '11:30'),
    contained('10:11', '12:30'),
    rolledBackAlone('10:11', '16:30'),
  ),
  story(
    'An API that says `id` where the database says `_id` is well, and rollbackd is not blind there',
    { source: otherName, lasts: '40', traffic: 60, routes: 'ids are called id' },
    always({ idIsCalled: 'id' }),
    toldAtMost(0),
  ),
  story(
    'The menu of one tenant holds three documents of another from 10:07 on',
    { source: breach, lasts: '60', traffic: 60 },
    from('10:07').the({ leaks: [menuLeak] }),
    told('10', '11:10'),
    contained('10', '11:10'),
    rolledBackAlone('10:10', '14'),
  ),
  story(
    'The orders of one tenant, wrapped in a page, hold documents of two others, at 5 requests a minute',
    { source: breach, lasts: '20', traffic: 5 },
    from('12').the({
      leaks: [
        { as: 'soto', of: 'kopi', route: 'orders', on: 'list' },
        { as: 'soto', of: 'sate', route: 'orders', on: 'list' },
      ],
    }),
    told('12', '13'),
    contained('12', '13'),
    rolledBackAlone('12:10', '16'),
  ),
  story(
    'One foreign document shows on one answer in eight',
    {
      source: `${oneProven}; a leak on one answer in 8 is confirmed in seconds, not minutes`,
      lasts: '22',
      traffic: 60,
    },
    from('10').the({ leaks: [{ ...menuLeak, documents: 1, oneIn: 8 }] }),
    told('10', '14:30'),
    contained('10', '15'),
    rolledBackAlone('10', '19'),
  ),
  story(
    'One of four workers hands out one foreign document, at 200 requests a minute',
    { source: `${oneProven}; confirmed in seconds, not minutes`, lasts: '21', traffic: 200 },
    from('11:20').the({ leaks: [{ as: 'rawon', of: 'bakso', route: 'tables', on: 'list', documents: 1, oneIn: 4 }] }),
    told('11:20', '14'),
    contained('11:20', '14:10'),
    rolledBackAlone('11:20', '18'),
  ),
  story(
    'One foreign document is handed out once and never again',
    { source: oneProven, lasts: '80', traffic: 60 },
    from('10').the({ leaks: [{ ...menuLeak, documents: 1, times: 1 }] }),
    told('10', '11:10'),
  ),
  story(
    'One foreign document is handed out once, and half an hour later one of another tenant on another route',
    { source: `${oneProven}, whichever question showed it`, lasts: '48', traffic: 60 },
    from('10').the({ leaks: [{ ...menuLeak, documents: 1, times: 1 }] }),
    from('40').the({ leaks: [{ as: 'sate', of: 'gudeg', route: 'orders', on: 'list', documents: 1, times: 1 }] }),
    told('10', '11:10'),
    contained('40', '41:10'),
    rolledBackAlone('40', '45'),
  ),
  story(
    'One foreign document is handed out once, and one more almost two hours later',
    { source: oneProven, lasts: '02:10:00', traffic: 60 },
    from('10').the({ leaks: [{ ...menuLeak, documents: 1, times: 1 }] }),
    from('02:05:00').the({ leaks: [{ as: 'sate', of: 'gudeg', route: 'orders', on: 'list', documents: 1, times: 1 }] }),
    told('10', '11:10'),
    told('02:05:00', '02:06:10'),
  ),
  story(
    "A tenant that asks for another's document by its id is given it",
    { source: breach, lasts: '20', traffic: 60 },
    from('10').the({ leaks: [{ as: 'warung', of: 'negoes', route: 'menu', on: 'one' }] }),
    told('10', '11:10'),
    contained('10', '12'),
    rolledBackAlone('10', '16'),
  ),
  story(
    "A tenant is given another's document by its id, under `id` instead of `_id`",
    { source: otherShape, lasts: '40', traffic: 60 },
    from('10').the({ leaks: [{ as: 'warung', of: 'negoes', route: 'menu', on: 'one', shape: 'id' }] }),
    told('10', '11:10'),
    contained('10', '12'),
    rolledBackAlone('10', '16'),
  ),
  story(
    "A tenant is given another's document by its id, wrapped in {success, item}, at 5 requests a minute",
    { source: otherShape, lasts: '40', traffic: 5 },
    from('10:14').the({ leaks: [{ as: 'kopi', of: 'negoes', route: 'menu', on: 'one', shape: 'wrapped' }] }),
    told('10:14', '11:30'),
    contained('10:14', '12:30'),
    rolledBackAlone('10:14', '16:30'),
  ),
  story(
    'Every list changes its shape so that nothing can be read in it',
    { source: 'table: a shape that cannot be read is unobserved, never clean', lasts: '75', traffic: 60 },
    from('10').the({ listsUnreadable: true }),
    told('10', '75'),
  ),
  story(
    'The lists want a login since the last deploy, and rollbackd sees nothing there any more',
    { source: 'design, promise 1: blind is not broken', lasts: '75', traffic: 60 },
    from('10').the({ listsWantLogin: true }),
    told('10', '75'),
  ),
  story(
    'A route that is not trusted shows documents of another tenant',
    { source: neverDecides, lasts: '35', traffic: 60, routes: 'menu untrusted' },
    from('10').the({ leaks: [menuLeak] }),
  ),
  story(
    'A route that leaked before the migration leaks on',
    { source: neverDecides, lasts: '30', traffic: 60, routes: 'menu leaked before' },
    always({ leaks: [menuLeak] }),
  ),
  story(
    "A route that leaked before the migration gives out another tenant's document by its id too",
    { source: neverDecides, lasts: '35', traffic: 12, routes: 'menu leaked before' },
    from('10').the({ leaks: [{ as: 'warung', of: 'negoes', route: 'menu', on: 'one', shape: 'id' }] }),
  ),
  story(
    "The balancer's cache hands one tenant's menu to another, while the application is clean",
    { source: byCache, lasts: '42', traffic: 60 },
    from('10').the({ leaks: [{ ...menuLeak, from: 'cache of the balancer' }] }),
    told('10', '40'),
    mayAsk('10', '60'),
    mayContain('10', '60'),
  ),
  story(
    "The balancer's cache hands out the orders of another tenant on one answer in three",
    { source: byCache, lasts: '72', traffic: 20 },
    from('10').the({
      leaks: [{ as: 'soto', of: 'sate', route: 'orders', on: 'list', oneIn: 3, from: 'cache of the balancer' }],
    }),
    told('10', '70'),
    mayAsk('10', '90'),
    mayContain('10', '90'),
  ),
  story(
    'Where containment is to be asked for, a leak is asked about at once and nothing is stopped',
    { source: 'design: containment has a switch of its own', lasts: '30', traffic: 60, containment: 'ask' },
    from('10').the({ leaks: [menuLeak] }),
    told('10', '11:10'),
    asked('10', '12', 'critical'),
  ),
  story(
    'In approve mode a leak is contained at once and the rollback asked for',
    { source: breach, lasts: '25', traffic: 60, mode: 'approve' },
    from('10').the({ leaks: [menuLeak] }),
    contained('10', '11:10'),
    asked('10', '13', 'critical'),
  ),
  story(
    'A rejected rollback does not let the leak out again',
    {
      source: 'design, safety rule 7: a rejected rollback does not release it by itself',
      lasts: '60',
      traffic: 60,
      mode: 'approve',
    },
    from('10').the({ leaks: [menuLeak] }),
    contained('10', '11:10'),
    asked('10', '13', 'critical'),
    at('20').person({ does: 'reject', name: 'Budi', role: 'on-call-lead' }),
    told('20', '60'),
  ),
  story(
    'In observe mode a leak is told of and nothing is touched',
    { source: 'design: observe touches nothing', lasts: '30', traffic: 60, mode: 'observe' },
    from('10').the({ leaks: [menuLeak] }),
    told('10', '11:10'),
  ),
  story(
    'A leak under a pause is told of, and stopped when the pause is over',
    { source: 'design: pause suspends acting, never looking', lasts: '32', traffic: 60 },
    at('5').person({ does: 'pause', minutes: 20 }),
    from('10').the({ leaks: [menuLeak] }),
    told('10', '11:10'),
    mayAsk('10', '25'),
    mayContain('10', '11:10'),
    rolledBackAlone('25', '29'),
    mayContain('25', '26'),
  ),
];
