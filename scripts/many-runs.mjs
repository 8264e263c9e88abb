// Preloaded by `npm run test:long`: draws far more examples for every property that does not say itself how many.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: 2000 });
