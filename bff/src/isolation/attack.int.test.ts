import { attackSuite } from './testing/attack-suite.ts';

attackSuite({ seed: 20_260_105, draws: 2, hostile: 2_300, rounds: 0, fewestAttempts: 7_500 });
