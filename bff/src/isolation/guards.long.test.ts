import { guardsSuite } from './testing/guards-suite.ts';

guardsSuite({ seed: Date.now() % 1_000_000, draws: 20, hostile: 0, rounds: 40, fewestAttempts: 15_000 });
