import { fileURLToPath } from 'node:url';
import { readStackSettings } from './settings.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

let stack: Stack | undefined;
let endCode: number | undefined;

/** Ends everything once, whatever asked for it first. */
function end(code: number): void {
  if (endCode !== undefined) return;
  endCode = code;
  if (stack === undefined) return;
  stack.stop().then(
    () => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  end(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
  process.on(signal, () => {
    end(0);
  });
}

async function run(): Promise<void> {
  const settings = readStackSettings(process.env, process.argv.slice(2), root);
  say('Starting Lumina on this machine …');
  stack = await startStack({
    ...settings,
    history: settings.simulator,
    onProgress: say,
    onFailure: fail,
    onCreated: (created) => {
      stack = created;
      if (endCode !== undefined) void created.stop();
    },
  });
  say(`Log in as viewer@uk.example, password lumina. Logs: ${stack.folder.logs}`);
  say(`Lumina is ready: ${stack.url}`);
}

run().catch((error: unknown) => {
  // A start that was broken off on purpose has no failure to tell.
  if (endCode !== undefined) process.exit(endCode);
  fail(error);
  process.exit(1);
});
