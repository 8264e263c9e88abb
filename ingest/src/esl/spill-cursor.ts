import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';

/** A place in the files of a spill log. */
export interface SpillPosition {
  readonly segment: number;
  readonly offset: number;
}

const TEXT = /^(\d{12}):(\d{12})\n$/;

/** Remembers in a file of one short line up to where a spill log was acknowledged. */
export class SpillCursor {
  private readonly descriptor: number;
  private current: SpillPosition;

  constructor(folder: string) {
    const file = path.join(folder, 'cursor');
    this.descriptor = openSync(file, 'a', 0o600);
    closeSync(this.descriptor);
    const [, segment, offset] = TEXT.exec(readFileSync(file, 'utf8')) ?? [];
    this.current = { segment: Number(segment ?? 0), offset: Number(offset ?? 0) };
    this.descriptor = openSync(file, 'r+');
  }

  get position(): SpillPosition {
    return this.current;
  }

  move(position: SpillPosition): void {
    this.current = position;
    const text = `${String(position.segment).padStart(12, '0')}:${String(position.offset).padStart(12, '0')}\n`;
    // One small write over itself: a kill leaves the old line or the new one.
    writeSync(this.descriptor, text, 0);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
