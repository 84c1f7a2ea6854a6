import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPath } from '../../src/probes/json-path.ts';

const member = fc.stringMatching(/^[A-Za-z0-9_$-]{1,8}$/);

describe('reading a JSON path', () => {
  it('finds what lists and objects hold', () => {
    const body = { data: [{ _id: 'a' }, { _id: 'b' }, {}], total: 2 };
    expect(readPath(body, '$.data[*]._id')).toEqual(['a', 'b']);
    expect(readPath(body, '$.data[1]._id')).toEqual(['b']);
    expect(readPath(body, '$')).toEqual([body]);
    expect(readPath([1, 2], '$[*]')).toEqual([1, 2]);
  });

  it('reaches whatever was put at the end of a path', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), fc.jsonValue(), (members, value) => {
        const body = members.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
        const path = `$${members.map((name) => `.${name}`).join('')}`;
        expect(readPath(body, path)).toEqual([value]);
      }),
    );
  });

  it('gives as many values as a list has members', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (list) => {
        expect(readPath({ list }, '$.list[*]')).toEqual(list);
      }),
    );
  });

  it('finds nothing, and never throws, where the body is of another shape', () => {
    fc.assert(
      fc.property(fc.jsonValue(), member, (body, name) => {
        const path = `$.${name}-absent.x[*][3].y`;
        expect(readPath(body, path)).toEqual([]);
      }),
    );
  });

  it('knows no member that an object only inherits', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(readPath({}, `$.${name}`)).toEqual([]);
      expect(readPath('text', `$.${name}`)).toEqual([]);
    }
  });

  it.each(['data', '$data', '$..id', '$.a[', '$.a[-1]', "$['a']", '$.a b', '$.a[*', '$.'])('refuses %s', (path) => {
    expect(() => readPath({}, path)).toThrow(TypeError);
  });
});
