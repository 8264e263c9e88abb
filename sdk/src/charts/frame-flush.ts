/** Work to do before the next paint. */
export type FrameTask = () => void;

const pending = new Set<FrameTask>();
let isScheduled = false;

function flush(): void {
  isScheduled = false;
  const tasks = [...pending];
  pending.clear();
  for (const task of tasks) task();
}

/** Runs a task once in the next frame, together with every other dirty chart of the page. */
export function inNextFrame(task: FrameTask): void {
  pending.add(task);
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(flush);
}

/** Takes back a task that has not run. */
export function cancelFrame(task: FrameTask): void {
  pending.delete(task);
}
