import type { LiveTailRecord } from '@lumina/contracts';

/** A watermark that lies further back than this says that the tail is not live. */
const LIVE_WITHIN_MS = 10_000;
/** A source that has been silent for so long is taken for one that has ended. */
const SILENT_MS = 60_000;
/** Records of one source may overtake each other for a moment; what is missing for longer is lost. */
const MISSING_MS = 5_000;
/** Every owner of a shard starts a range of numbers of its own. */
const SEQUENCES_PER_GENERATION = 1_000_000_000;

interface Source {
  seq: number;
  watermarkMs: number;
  heardMs: number;
  /** Numbers that were passed over, and when that was noticed. */
  readonly missing: Map<number, number>;
}

/** What is known of the live tail: whether it is whole, and up to when. */
export class TailHealth {
  readonly #clock: () => number;
  readonly #sources = new Map<string, Source>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Takes note of a record. */
  hear({ source: name, seq, watermark, rewritten }: LiveTailRecord): void {
    if (rewritten !== undefined) return;
    const nowMs = this.#clock();
    const source = this.#sources.get(name);
    if (source === undefined) {
      this.#sources.set(name, { seq, watermarkMs: watermark, heardMs: nowMs, missing: new Map() });
      return;
    }
    // An owner who has lost the shard and does not know it yet says nothing that counts.
    if (generationOf(seq) < generationOf(source.seq)) return;
    source.missing.delete(seq);
    const isNext = seq === source.seq + 1;
    const isNewOwner = generationOf(seq) > generationOf(source.seq);
    if (isNewOwner) source.missing.clear();
    // What an owner left unpublished the next one publishes again: a new range of numbers is no gap.
    if (!isNext && !isNewOwner) for (let gap = source.seq + 1; gap < seq; gap += 1) source.missing.set(gap, nowMs);
    source.seq = Math.max(source.seq, seq);
    source.watermarkMs = Math.max(source.watermarkMs, watermark);
    source.heardMs = nowMs;
  }

  /** Whether records were lost for good since the last time this was asked; they are then no longer waited for. */
  takeLoss(): boolean {
    const nowMs = this.#clock();
    let isLost = false;
    for (const { missing } of this.#sources.values()) {
      if (![...missing.values()].some((sinceMs) => nowMs - sinceMs >= MISSING_MS)) continue;
      missing.clear();
      isLost = true;
    }
    return isLost;
  }

  /** Epoch ms up to which every source has published all its facts; undefined when nobody publishes. */
  get watermarkMs(): number | undefined {
    const nowMs = this.#clock();
    for (const [name, { heardMs }] of this.#sources) if (nowMs - heardMs >= SILENT_MS) this.#sources.delete(name);
    const marks = [...this.#sources.values()].map(({ watermarkMs }) => watermarkMs);
    return marks.length === 0 ? undefined : Math.min(...marks);
  }

  /** Whether what the tail has told so far is whole and new enough to answer from. */
  get isLive(): boolean {
    const { watermarkMs } = this;
    if (watermarkMs === undefined || this.#clock() - watermarkMs > LIVE_WITHIN_MS) return false;
    return [...this.#sources.values()].every(({ missing }) => missing.size === 0);
  }
}

function generationOf(seq: number): number {
  return Math.floor(seq / SEQUENCES_PER_GENERATION);
}
