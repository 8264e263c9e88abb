import { createServer } from 'node:net';

/** The address everything here listens on: nothing of this is meant for a network. */
export const LOOPBACK = '127.0.0.1';

/** The regions that have a backend on this machine. */
export const LOCAL_REGION_IDS = [1, 2] as const;
/** A region with a backend on this machine. */
export type LocalRegionId = (typeof LOCAL_REGION_IDS)[number];

/** The port where the stack begins unless LUMINA_PORT_BASE says otherwise. */
export const DEFAULT_PORT_BASE = 8080;

interface RegionPorts {
  readonly kinesis: number;
  readonly bff: number;
  readonly collector: number;
  readonly worker: number;
}

/** The port of every piece. */
export interface StackPorts {
  readonly distributor: number;
  readonly idp: number;
  readonly timestream: number;
  readonly dynamodb: number;
  readonly regions: Readonly<Record<LocalRegionId, RegionPorts>>;
}

/** The ports of a stack that begins at a base. */
export function portsOf(base: number): StackPorts {
  return {
    distributor: base,
    idp: base + 1,
    timestream: base + 2,
    dynamodb: base + 4,
    regions: {
      1: { kinesis: base + 3, bff: base + 21, collector: base + 41, worker: base + 61 },
      2: { kinesis: base + 5, bff: base + 22, collector: base + 42, worker: base + 62 },
    },
  };
}

/** All ports of a stack, in one list. */
export function portList(ports: StackPorts): number[] {
  const regional = Object.values(ports.regions).flatMap(({ kinesis, bff, collector, worker }) => [
    kinesis,
    bff,
    collector,
    worker,
  ]);
  return [ports.distributor, ports.idp, ports.timestream, ports.dynamodb, ...regional];
}

/** Whether nobody listens on a port. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, LOOPBACK, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}

/** The ports of a stack that somebody else already has. */
export async function takenPorts(base: number): Promise<number[]> {
  const ports = portList(portsOf(base));
  const free = await Promise.all(ports.map(isPortFree));
  return ports.filter((_port, index) => free[index] !== true);
}

/** Below the range from which systems hand out ports by themselves, and above the well-known ones. */
const SEARCH_FROM = 12_000;
const SEARCH_SPAN = 18_000;
const SEARCH_ATTEMPTS = 50;

/** A base whose ports are all free now, for tests and checks that run beside a stack. */
export async function findFreePortBase(): Promise<number> {
  for (let attempt = 0; attempt < SEARCH_ATTEMPTS; attempt += 1) {
    const base = SEARCH_FROM + Math.floor(Math.random() * SEARCH_SPAN);
    if ((await takenPorts(base)).length === 0) return base;
  }
  throw new Error(`ports_taken: found no free block of ports in ${String(SEARCH_ATTEMPTS)} tries; end other programs`);
}
