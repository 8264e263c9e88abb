import { guardsSuite } from './testing/guards-suite.ts';

// With the attempts of attack.int.test.ts these are more than ten thousand.
guardsSuite({ seed: 20_260_106, draws: 2, hostile: 0, rounds: 3, fewestAttempts: 2_700 });
