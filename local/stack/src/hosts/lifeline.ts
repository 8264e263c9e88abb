const PARENT_CHECK_MS = 1000;

/**
 * Ends this process, through `close`, on a signal or as soon as the process that started it is gone. The IPC channel
 * tells at once; the parent's id is looked at as well, for a start without a channel.
 */
export function holdLifeline(close: () => Promise<void>): void {
  const parentPid = process.ppid;
  let isClosing = false;
  const end = (): void => {
    if (isClosing) return;
    isClosing = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${JSON.stringify({ level: 'error', msg: 'close_failed', detail: String(error) })}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
  setInterval(() => {
    if (process.ppid !== parentPid) end();
  }, PARENT_CHECK_MS).unref();
}
