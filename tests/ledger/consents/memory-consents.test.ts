import type { Consent } from '../../../src/core/consent';
import { openMemoryConsents } from '../../support/memory-consents';
import { describeConsents } from './suite';

describeConsents('in-memory', () => {
  const kept = new Map<string, Consent>();
  return Promise.resolve({
    consents: openMemoryConsents(kept),
    another: () => Promise.resolve(openMemoryConsents(kept)),
    close: () => Promise.resolve(),
  });
});
