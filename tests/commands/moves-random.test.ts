// A user who moves now and then while people edit both sides and runs are killed anywhere: in the end every row stands once where the user is.

import { House, type Before, type Name } from '../support/house';
import { NEVER } from '../support/links';

const SEEDS = Array.from({ length: 12 }, (_, n) => n + 1);
const STEPS = 40;
const NAMES: readonly Name[] = ['', 'office', 'cloud'];

class Killed extends Error {}

/** Numbers that are the same for the same seed. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return (state >>> 8) % below;
  };
}

/** A process that dies before one of its next changes to the outside. */
function mortal(after: number): Before {
  let count = 0;
  return () => ((count += 1) > after ? Promise.reject(new Killed()) : Promise.resolve());
}

/** Where the user's entries are by now. */
async function placeOf(house: House): Promise<Name> {
  const { groupware } = await house.grant();
  return NAMES.find((name) => groupware.endsWith(`/${name}`)) ?? '';
}

async function live(seed: number): Promise<House> {
  const below = chanceOf(seed);
  const house = new House(['ann'], { office: { namesByUs: false }, cloud: { lagMs: 0, pageSize: 3 } });
  for (let objid = 1; objid <= 6; objid += 1) house.row(objid, `row ${objid}`);
  await house.settle();
  let tokens = 0;
  const fresh = () => `token ${(tokens += 1)}`;
  for (let step = 0; step < STEPS; step += 1) {
    const name = await placeOf(house);
    const ids = [...house.at(name).items.keys()];
    const id = ids[below(Math.max(1, ids.length))];
    const objid = [...house.crm.rows.values()][below(house.crm.rows.size)]?.objid;
    const acts: readonly (() => unknown)[] = [
      () => id !== undefined && house.put(name, id, { subject: fresh() }),
      () => objid !== undefined && house.crm.edit({ type: 'appointment', objid }, { subject: fresh() }),
      () => house.put(name, `made-${step}`, { subject: fresh() }),
      () => house.row(100 + step, fresh()),
      () => id !== undefined && ids.length > 6 && house.put(name, id, undefined),
      () => house.wanted.set('ann', [NAMES[below(NAMES.length)] ?? '']),
    ];
    acts[below(acts.length)]?.();
    if (below(3) === 0) await house.run().catch(() => undefined);
    if (below(3) === 0)
      await house.run(mortal(below(40))).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
  }
  await house.settle();
  await house.settle();
  return house;
}

it.each(SEEDS)('whatever happens, every row stands once: %d', async (seed) => {
  const house = await live(seed);
  const name = await placeOf(house);
  expect(name).toBe(house.wanted.get('ann')?.[0] ?? '');
  const links = await house.links.links('ann', NEVER);
  const there = house.subjects(name);
  const wrong = [...house.crm.rows.values()].flatMap(({ objid, entry: { subject } }) => {
    const known = links.filter((link) => link.objid === objid);
    const count = there.filter((each) => each === subject).length;
    const isLeft = known.some(({ state, cause }) => state === 'apart' && cause === 'deleted-there');
    // What was deleted at one groupware still stands at another one, where it was left.
    if (known.length === 1 && (count === 1 || (isLeft && count === 0))) return [];
    return [{ objid, subject, count, links: known.map(({ id, state, cause, remoteId }) => [id, state, cause, remoteId].join()) }];
  });
  expect(wrong).toEqual([]);
  expect(links.filter(({ state }) => state !== 'linked' && state !== 'apart')).toEqual([]);
  // Nothing changes any more.
  expect((await house.run()).sums).toMatchObject({ created: 0, updated: 0, deleted: 0, written: 0 });
});
