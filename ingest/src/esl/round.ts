import type { EslConfig } from './config.ts';
import { EslError } from './esl-error.ts';
import type { Intake } from './intake.ts';
import type { Moment } from './queue-levels.ts';
import type { EslSession, JobAnswer } from './session.ts';
import type { SnapshotScope, Envelope } from './snapshots.ts';
import type { StateJournal } from './state-journal.ts';
import { eventMsOf, headerOf } from './switch-event.ts';
import type { SwitchModel } from './switch-model.ts';

/** What one round of snapshots works with. */
export interface RoundContext {
  readonly config: EslConfig;
  readonly model: SwitchModel;
  readonly journal: StateJournal;
  readonly intake: Intake;
  readonly session: EslSession;
  /** Whether no list of agents was read over this connection yet. */
  readonly isFirst: boolean;
  readonly jobLimitMs: number;
  /** Told the time of every answer, by the clock of the switch. */
  readonly onAnswer: (atMs: number) => void;
}

/** What a command printed, and when by the clock of the switch. */
export interface Printed extends Moment {
  readonly text: string;
  readonly coreUuid: string;
}

function printedOf(context: RoundContext, command: string, { event, order }: JobAnswer): Printed {
  const atMs = eventMsOf(event);
  const coreUuid = headerOf(event, 'Core-UUID');
  const text = event['_body'];
  if (atMs === undefined || coreUuid === undefined || typeof text !== 'string') {
    throw new EslError('esl_command_failed', `The answer to ${command} has no time, no Core-UUID or no text.`);
  }
  context.onAnswer(atMs);
  return { atMs, order, coreUuid, text };
}

/** Runs a command; `read` sees what it printed before any later event is heard. */
export function ask<T>(context: RoundContext, command: string, read: (printed: Printed) => T): Promise<T> {
  return context.session.job(command, context.jobLimitMs, (answer) => read(printedOf(context, command, answer)));
}

/** The scope of a snapshot of one territory. */
export function scopeOf(context: RoundContext, territoryId: number, at: Moment & { coreUuid: string }): SnapshotScope {
  const { regionId, intervalMs, partPrefix } = context.config;
  return { territoryId, regionId, coreUuid: at.coreUuid, atMs: at.atMs, intervalMs, partPrefix };
}

/** Into how many parts a snapshot is cut: never into fewer than before, whose parts would fall silent. */
export function partsOf(context: RoundContext, key: string): number {
  return Math.max(context.config.parts, context.journal.state.parts.get(key) ?? 1);
}

/** Sends the events of a snapshot, and remembers into how many parts it was cut. */
export function send(
  context: RoundContext,
  territoryId: number,
  events: readonly Envelope[],
  cut?: { readonly key: string; readonly parts: number },
): void {
  if (cut !== undefined && cut.parts > partsOf(context, cut.key)) context.journal.setParts(cut.key, cut.parts);
  for (const event of events) context.intake.take('snapshot', territoryId, event);
}
