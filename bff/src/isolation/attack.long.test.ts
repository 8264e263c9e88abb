import { attackSuite } from './testing/attack-suite.ts';

attackSuite({ seed: Date.now() % 1_000_000, draws: 20, hostile: 25_000, rounds: 0, fewestAttempts: 40_000 });
