import { newLinkStore, openMemoryLinks } from '../../support/memory-links';
import { describeLinks } from './suite';

describeLinks('in-memory', () => {
  const store = newLinkStore();
  return Promise.resolve({
    links: openMemoryLinks(store),
    another: () => Promise.resolve(openMemoryLinks(store)),
    damage: (id, column, value) => {
      store.links.set(id, { ...store.links.get(id), [column]: value });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});
