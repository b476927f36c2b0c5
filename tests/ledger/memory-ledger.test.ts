import { newMemoryStore, openMemoryLedger } from '../support/memory-ledger';
import { describeLedger } from './suite';

describeLedger('in-memory', () => {
  const store = newMemoryStore();
  return Promise.resolve({
    ledger: openMemoryLedger(store),
    another: () => Promise.resolve(openMemoryLedger(store)),
    close: () => Promise.resolve(),
  });
});
