/** One setting read from the environment. */
export interface Setting {
  readonly name: string;
  readonly type: 'string' | 'port' | 'integer' | 'url' | 'list' | 'json' | 'secret';
  readonly default?: string;
  readonly required: boolean;
  readonly description: string;
}
