import type { FakeBffOptions } from '@lumina/sdk/testing';

/** `parameters.lumina` of a story: what its surroundings are. */
export interface StoryParameters {
  /** How the fake service behaves. */
  readonly bff?: Omit<FakeBffOptions, 'nowMs'>;
  /** Size of the box around the story, px; without a height it is as tall as it likes. */
  readonly box?: { readonly widthPx: number; readonly heightPx?: number };
  /**
   * The state that every widget of the story, or its board where there is none, must come to before the story counts as
   * shown; default any but loading.
   */
  readonly state?: string;
}
