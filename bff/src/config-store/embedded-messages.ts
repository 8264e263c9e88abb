/** What is asked of the database's thread. */
export type EmbeddedRequest =
  | { readonly id: number; readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly id: number; readonly kind: 'close' };

/** What it answers. */
export type EmbeddedReply =
  | { readonly id: number; readonly kind: 'rows'; readonly rows: unknown[]; readonly affectedRows?: number }
  | {
      readonly id: number;
      readonly kind: 'failed';
      readonly message: string;
      readonly code?: string;
      readonly detail?: string;
    };
