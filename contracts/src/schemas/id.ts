import Type from 'typebox';

/** Longest id of a thing; a Timestream dimension holds more, a screen does not. */
export const MAX_ID_LENGTH = 200;

/** Text that identifies a thing: a call, a queue, an agent. */
export const IdSchema = Type.String({ minLength: 1, maxLength: MAX_ID_LENGTH });
