/**
 * Version of the rules that turn events into facts. It is raised when a change of them lets records through that died
 * before, so that an operator sees which dead letters are worth a replay.
 */
export const EXTRACTOR_VERSION = 1;
