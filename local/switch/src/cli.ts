import { parseArgs } from 'node:util';

import { createSwitch } from './create-switch.ts';
import { demonstrationState, demonstrate } from './demonstration.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8021' },
    password: { type: 'string', default: 'ClueCon' },
    calls: { type: 'string', default: '1' },
  },
});
const state = demonstrationState();
const running = await createSwitch({ port: Number(values.port), password: values.password, state });
console.log(`switch: event socket on 127.0.0.1:${String(running.port)}`);
const stop = demonstrate(running, state, Number(values.calls));
const end = (): void => {
  stop();
  void running.close();
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
