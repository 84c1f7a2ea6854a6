import type { EventBody, EventKind } from '../model/event.ts';

type Family<K extends EventKind> = K extends `${infer F}.${string}` ? F : never;

/** Which part of the daemon's memory an event is about, by the first word of its kind. */
const rooms = {
  daemon: 'daemon',
  config: 'daemon',
  mode: 'power',
  acting: 'power',
  incident: 'incident',
  approval: 'incident',
  containment: 'incident',
  run: 'run',
  step: 'run',
  child: 'child',
  watch: 'watch',
  message: 'message',
  card: 'card',
} as const satisfies Record<Family<EventKind>, string>;

type Rooms = typeof rooms;
export type Room = Rooms[keyof Rooms];
type FamiliesOf<R extends Room> = { [F in keyof Rooms]: Rooms[F] extends R ? F : never }[keyof Rooms];

/** Every event of a room: a new kind in one of its families is one that it must deal with. */
export type EventAbout<R extends Room> = Extract<EventBody, { kind: `${FamiliesOf<R>}.${string}` }>;

export function isAbout<R extends Room>(room: R, body: EventBody): body is EventAbout<R> {
  const [family] = body.kind.split('.');
  return rooms[family as keyof Rooms] === room;
}
