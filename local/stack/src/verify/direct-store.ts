import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AwsTimestreamStore, type TimeSeriesStore } from '@lumina/bff/timestream';
import type { Fact } from '@lumina/contracts';
import { createFactStore, decodeEvent, extractFacts, withNegativeControl, type NegativeControl } from '@lumina/ingest';
import type { Delivery } from '@lumina/simulator';
import { startTimestreamLocal } from 'timestream-local';

import { LOOPBACK } from '../ports.ts';
import { LOCAL_CREDENTIALS } from './environment.ts';

const AWS_REGION = 'eu-west-1';
const WRITE_SIZE = 2_000;

/** A store filled through the ingest core alone: the fact model without stream, worker and kills. */
export interface DirectStore {
  readonly store: TimeSeriesStore;
  close(): Promise<void>;
}

function factsOf(delivery: Delivery, control: NegativeControl | undefined): Fact[] {
  const { territoryId, regionId, body } = delivery;
  const decoded = decodeEvent(body, { territoryId, regionId });
  if ('error' in decoded) throw new Error(`verify_event_refused: ${decoded.error.code}: ${decoded.error.detail}`);
  return decoded.events.flatMap((event) => withNegativeControl(control, event, extractFacts(event)));
}

/** Extracts and stores all deliveries, in their order; nothing may be refused. */
export async function fillDirectStore(deliveries: Iterable<Delivery>, control?: NegativeControl): Promise<DirectStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lumina-direct-'));
  const server = await startTimestreamLocal({ port: 0, host: LOOPBACK, dataDir });
  const facts = createFactStore({ endpoint: server.url, region: AWS_REGION, credentials: LOCAL_CREDENTIALS });
  const close = async (): Promise<void> => {
    facts.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await facts.ensureTables();
    let pending: Fact[] = [];
    const write = async (): Promise<void> => {
      const outcomes = await facts.write(pending);
      pending = [];
      const dead = outcomes.find((outcome) => outcome.status === 'dead');
      // A control breaks identities on purpose; what the store then refuses is part of the damage.
      if (dead !== undefined && control === undefined) throw new Error(`verify_fact_dead: ${JSON.stringify(dead)}`);
    };
    for (const delivery of deliveries) {
      pending.push(...factsOf(delivery, control));
      if (pending.length >= WRITE_SIZE) await write();
    }
    await write();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    store: new AwsTimestreamStore({ endpoint: server.url, region: AWS_REGION, credentials: LOCAL_CREDENTIALS }),
    close,
  };
}
