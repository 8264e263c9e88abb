import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';

import type { Abandon } from './abandons.ts';
import type { AgentRecord } from './agent-states.ts';

/** What a forwarder must still know after it was killed. */
export interface ForwarderState {
  readonly agents: ReadonlyMap<string, AgentRecord>;
  readonly abandons: ReadonlyMap<string, Abandon>;
  /** Into how many parts a snapshot is cut, by territory and type. */
  readonly parts: ReadonlyMap<string, number>;
}

const TABLES = ['agent', 'abandon', 'parts'] as const;
type Table = (typeof TABLES)[number];
interface Line {
  readonly t: Table;
  readonly k: string;
  readonly v?: unknown;
}

const FILE = 'state.ndjson';
/** Dead lines that are worth writing the file anew. */
const COMPACT_AFTER_LINES = 20_000;

function readLines(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    try {
      const value = line === '' ? undefined : (JSON.parse(line) as Line);
      return value !== undefined && TABLES.includes(value.t) ? [value] : [];
    } catch {
      // The torn end of a write that a crash cut short, and only it: every line before was whole.
      return [];
    }
  });
}

/**
 * Keeps the state of a forwarder in a file of lines, one for each change. A change is written before its event goes
 * out, so that a killed forwarder never stamps the same interval twice. The file is written anew, whole and at once, when
 * most of it is outdated.
 */
export class StateJournal {
  private readonly file: string;
  private readonly onError: (error: unknown) => void;
  private readonly tables: Record<Table, Map<string, unknown>> = {
    agent: new Map(),
    abandon: new Map(),
    parts: new Map(),
  };
  private descriptor: number;
  private lines = 0;

  /** `onError` is told when the disk refuses a change; it is then known until the process ends, and no longer. */
  constructor(folder: string, onError: (error: unknown) => void) {
    this.onError = onError;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = path.join(folder, FILE);
    for (const line of readLines(this.file)) this.apply(line);
    this.descriptor = this.rewrite();
  }

  /** What was known at the start. */
  get state(): ForwarderState {
    return {
      agents: this.tables.agent as ReadonlyMap<string, AgentRecord>,
      abandons: this.tables.abandon as ReadonlyMap<string, Abandon>,
      parts: this.tables.parts as ReadonlyMap<string, number>,
    };
  }

  setAgent(agentId: string, record: AgentRecord | undefined): void {
    this.write({ t: 'agent', k: agentId, ...(record === undefined ? {} : { v: record }) });
  }

  setAbandon(memberUuid: string, abandon: Abandon | undefined): void {
    this.write({ t: 'abandon', k: memberUuid, ...(abandon === undefined ? {} : { v: abandon }) });
  }

  setParts(key: string, count: number): void {
    this.write({ t: 'parts', k: key, v: count });
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private apply({ t, k, v }: Line): void {
    if (v === undefined) this.tables[t].delete(k);
    else this.tables[t].set(k, v);
  }

  private write(line: Line): void {
    this.apply(line);
    try {
      writeSync(this.descriptor, `${JSON.stringify(line)}\n`);
      this.lines += 1;
      const live = TABLES.reduce((sum, table) => sum + this.tables[table].size, 0);
      if (this.lines < COMPACT_AFTER_LINES + 2 * live) return;
      const outdated = this.descriptor;
      this.descriptor = this.rewrite();
      closeSync(outdated);
    } catch (error) {
      this.onError(error);
    }
  }

  /** Replaces the file by what is known now; returns its descriptor for what is to come. */
  private rewrite(): number {
    const lines = TABLES.flatMap((t) => [...this.tables[t]].map(([k, v]) => `${JSON.stringify({ t, k, v })}\n`));
    const temporary = `${this.file}.new`;
    writeFileSync(temporary, lines.join(''), { flush: true, mode: 0o600 });
    renameSync(temporary, this.file);
    this.lines = lines.length;
    return openSync(this.file, 'a');
  }
}
