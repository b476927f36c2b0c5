import { peopleField, userOf } from '../../../src/destinations/kit/people';
import { object, text } from '../../../src/core/shape';

describe('The user who did it', () => {
  const people = { bagent: 'bob', ' Ann.Agent@Example.com ': 'ann', constructor: 'carl' };

  it.each([
    ['bagent', '', 'bob'],
    ['BAgent ', '', 'bob'],
    ['', 'ann.agent@example.com', 'ann'],
    ['bagent', 'ann.agent@example.com', 'bob'],
    ['somebody', 'ANN.AGENT@EXAMPLE.COM', 'ann'],
    ['somebody', 'some@example.com', undefined],
    ['', '', undefined],
    ['toString', '', undefined],
    ['constructor', '', 'carl'],
  ])('with the login %j and the address %j is %j', (actorLogin, actorEmail, user) => {
    expect(userOf({ actorLogin, actorEmail }, people)).toBe(user);
  });

  it('is nobody where nobody is named', () => {
    expect(userOf({ actorLogin: 'bagent', actorEmail: '' }, {})).toBeUndefined();
  });
});

describe('The key people', () => {
  const source = () => ({ env: {}, resolvePath: String, readFile: String, problems: [], secrets: [] });
  const shape = object({ people: peopleField(text(), 'names') });

  it('may be left out', () => {
    expect(shape.parse({}, { path: [], source: source() })).toEqual({ people: {} });
  });

  it('holds users by name', () => {
    const place = { path: [], source: source() };
    expect(shape.parse({ people: { bagent: 'bob', ' ': 'x', ann: 1 } }, place)?.people).toMatchObject({ bagent: 'bob' });
    expect(place.source.problems.map(({ path }: { path: readonly string[] }) => path)).toEqual([
      ['people', ' '],
      ['people', 'ann'],
    ]);
  });
});
