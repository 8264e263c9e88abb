import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { within } from 'shadow-dom-testing-library';
import { expect, waitFor } from 'storybook/test';
import { inState, serviceOf } from '../../testing/story-states.ts';

/** What several widgets under one provider share: one sign-in, one connection, one cursor, one colour per queue. */
const meta: Meta = {
  title: 'Provider',
  parameters: { lumina: { box: { widthPx: 980 } } },
  render: () => html`
    <lumina-widget kind="stat" metric="call_count"></lumina-widget>
    <lumina-widget kind="stat" metric="call_answer_rate" target="90"></lumina-widget>
    <lumina-widget kind="line" metric="queue_depth" group-by="queue_id"></lumina-widget>
    <lumina-widget kind="line" metric="queue_wait_time" group-by="queue_id"></lumina-widget>
  `,
};

export default meta;

type Story = StoryObj;

export const Ready: Story = {
  ...inState('ready'),
  play: async (context) => {
    await waitFor(() => expect(serviceOf(context).liveCount).toBe(1));
  },
};

export const SignedOut: Story = {
  parameters: { lumina: { bff: { scenario: { problem: 'unauthenticated' } }, state: 'denied' } },
};

export const OneWidgetFails: Story = {
  parameters: { lumina: { bff: { scenarios: { queue_wait_time: 'error' } } } },
  play: async ({ canvasElement }) => {
    await expect(await within(canvasElement).findByShadowRole('button', { name: 'Try again' })).toBeVisible();
  },
};
