import { expect } from '@open-wc/testing';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { RefreshTimer } from './refresh-timer.ts';

class Host implements ReactiveControllerHost {
  readonly controllers: ReactiveController[] = [];
  readonly updateComplete = Promise.resolve(true);
  addController(controller: ReactiveController): void {
    this.controllers.push(controller);
  }
  removeController(): void {}
  requestUpdate(): void {}
  updated(): void {
    for (const controller of this.controllers) controller.hostUpdated?.();
  }
  disconnected(): void {
    for (const controller of this.controllers) controller.hostDisconnected?.();
  }
}

describe('refresh timer', () => {
  it('calls back at its interval, follows a new one, and rests without a host', async () => {
    const host = new Host();
    let intervalMs: number | undefined = 5;
    let onDue: () => void = () => undefined;
    new RefreshTimer(
      host,
      () => intervalMs,
      () => {
        onDue();
      },
    );
    const due = (): Promise<void> =>
      new Promise((resolve) => {
        onDue = resolve;
      });
    host.updated();
    await due();
    intervalMs = 1;
    host.updated();
    await due();
    const running = globalThis.clearInterval;
    const cleared: unknown[] = [];
    globalThis.clearInterval = (id) => {
      cleared.push(id);
      running(id);
    };
    intervalMs = undefined;
    host.updated();
    host.disconnected();
    globalThis.clearInterval = running;
    expect(cleared).to.have.length(1);
  });
});
