/** What a member of a request must be. Lengths are in characters unless `inBytes`; all bounds are inclusive. */
export type Shape = StringShape | NumberShape | { type: 'boolean' } | ListShape | StructureShape;

/** A text; `isSensitive` ones are not repeated in messages. */
export type StringShape = {
  type: 'string';
  min?: number;
  max?: number;
  /** The limits count bytes of UTF-8. */
  inBytes?: true;
  /** Regular expression that the whole text must match. */
  pattern?: string;
  values?: readonly string[];
  isSensitive?: true;
};

/** A whole number; a long may come as a bigint. */
export type NumberShape = { type: 'integer' | 'long'; min?: number; max?: number };

/** A list; `min` and `max` bound its length. */
export type ListShape = { type: 'list'; of: Shape; min?: number; max?: number };

/** A structure; members that it does not name are ignored. */
export type StructureShape = { type: 'structure'; members: Members };

/** Members by their names on the wire. */
export type Members = { readonly [name: string]: Member };

/** A member; null counts as absent. */
export type Member = Shape & { required?: true };

/** The TypeScript type of what a shape lets pass. */
export type ValueOf<S> = S extends { values: readonly (infer V)[] }
  ? V
  : S extends { type: 'string' }
    ? string
    : S extends { type: 'integer' }
      ? number
      : S extends { type: 'long' }
        ? number | bigint
        : S extends { type: 'boolean' }
          ? boolean
          : S extends { of: infer O }
            ? ValueOf<O>[]
            : S extends { members: infer M }
              ? StructureOf<M>
              : never;

type RequiredNames<M> = { [K in keyof M]: M[K] extends { required: true } ? K : never }[keyof M];

/** The TypeScript type of a structure with these members. */
export type StructureOf<M> = { -readonly [K in RequiredNames<M>]: ValueOf<M[K]> } & {
  -readonly [K in Exclude<keyof M, RequiredNames<M>>]?: ValueOf<M[K]> | null;
};
