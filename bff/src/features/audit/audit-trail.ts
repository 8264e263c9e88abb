import type { AuditAction, AuditDetail } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import type { ConfigTransaction } from '../../config-store/config-store.ts';

/** Who did it, as the verified identity says; an identity as a whole will do. */
export type AuditActor = Pick<Identity, 'territoryId' | 'sub' | 'roles' | 'reason'>;

/** What was done. Neither target nor detail holds a name, an address, a secret or the value of a filter. */
export interface AuditEvent {
  readonly action: AuditAction;
  readonly target?: { readonly kind: string; readonly id: string };
  readonly detail?: AuditDetail;
}

/** The append-only record of a territory. */
export interface AuditTrail {
  /** Records an act that changes nothing here, such as reading; await it before its result is handed out. */
  record: (actor: AuditActor, event: AuditEvent) => Promise<void>;
  /**
   * Records a change together with it: both are kept or neither. Call it last in the transaction, which must be the
   * actor's own territory's: it holds the territory's place in the order of acts until the commit.
   */
  recordIn: (transaction: ConfigTransaction, actor: AuditActor, event: AuditEvent) => Promise<void>;
}
