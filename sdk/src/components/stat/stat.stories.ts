import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { within } from 'shadow-dom-testing-library';
import { expect, waitFor } from 'storybook/test';
import { inState, serviceOf } from '../../testing/story-states.ts';
import type { LuminaWidget } from '../widget/widget.ts';

type Story = StoryObj<LuminaWidget>;

const meta: Meta<LuminaWidget> = {
  title: 'Kinds/Stat',
  component: 'lumina-widget',
  args: { kind: 'stat', metric: 'call_answer_rate', bin: '5m' },
  parameters: { lumina: { box: { widthPx: 320 } } },
};

export default meta;

export const Ready: Story = inState('ready');

export const Loading: Story = inState('loading');

export const Empty: Story = inState('empty');

export const Late: Story = inState('late');

export const Stale: Story = inState('stale');

export const Offline: Story = inState('offline');

export const Denied: Story = inState('denied');

export const Failed: Story = inState('error');

export const TargetMet: Story = {
  args: { target: 90 },
  parameters: { lumina: { bff: { scenarios: { call_answer_rate: { values: [91, 93, 92, 94], total: 93.4 } } } } },
};

export const TargetMissed: Story = {
  args: { target: 90 },
  parameters: { lumina: { bff: { scenarios: { call_answer_rate: { values: [91, 88, 84, 79], total: 82.6 } } } } },
};

export const LargeNumber: Story = {
  args: { metric: 'call_count' },
  parameters: { lumina: { bff: { scenarios: { call_count: { values: [4100, 4400, 4300], total: 1_234_567 } } } } },
};

export const SmallNumber: Story = {
  args: { metric: 'queue_abandon_rate' },
  parameters: {
    lumina: { bff: { scenarios: { queue_abandon_rate: { values: [0, 0.01, 0.004], total: 0.004 } } } },
  },
};

export const Zero: Story = {
  args: { metric: 'call_count' },
  parameters: { lumina: { bff: { scenarios: { call_count: 'zero' } } } },
};

export const Thresholds: Story = {
  args: {
    metric: 'longest_wait',
    heading: 'Longest wait',
    display: {
      thresholds: [
        { from: 0, tone: 'good' },
        { from: 60, tone: 'warning' },
        { from: 120, tone: 'critical' },
      ],
    },
  },
  parameters: { lumina: { bff: { scenarios: { longest_wait: { values: [30, 64, 90, 133], total: 133 } } } } },
};

export const Compared: Story = { args: { compare: 'previous' } };

export const ComparedWithYesterday: Story = { args: { metric: 'queue_wait_time', compare: '1d' } };

export const LongHeading: Story = {
  args: { heading: 'Answer rate of priority customers, all of Europe, day team', subtitle: 'Queue: priority' },
};

export const German: Story = { args: { target: 90 }, globals: { locale: 'de-DE' } };

export const Narrow: Story = { args: { target: 90 }, parameters: { lumina: { box: { widthPx: 168 } } } };

export const Compact: Story = { args: { target: 90 }, globals: { density: 'compact' } };

export const Wall: Story = {
  args: { target: 90 },
  globals: { density: 'wall' },
  parameters: { lumina: { box: { widthPx: 480, heightPx: 320 } } },
};

export const PushedLive: Story = {
  args: { metric: 'queue_depth', options: { stat: 'now' } },
  play: async (context) => {
    const { canvasElement, step } = context;
    const canvas = within(canvasElement);
    await step('the tile has its first value', async () => {
      await waitFor(() => expect(serviceOf(context).liveCount).toBe(1));
    });
    await step('a pushed value is shown without a question', async () => {
      serviceOf(context).put('queue_depth', 4711);
      await expect(await canvas.findByShadowText('4,711')).toBeVisible();
    });
  },
};

export const ConnectionLost: Story = {
  parameters: { lumina: { state: 'offline' } },
  play: async (context) => {
    const canvas = within(context.canvasElement);
    await canvas.findByShadowText('%');
    serviceOf(context).scenario = 'offline';
    await expect(await canvas.findByShadowText(/^Offline: data as of/u)).toBeVisible();
  },
};

export const RetriedAfterAnError: Story = {
  parameters: { lumina: { bff: { scenario: 'refused' } } },
  play: async (context) => {
    const canvas = within(context.canvasElement);
    const retry = await canvas.findByShadowRole('button', { name: 'Try again' });
    serviceOf(context).scenario = 'live';
    retry.click();
    await expect(await canvas.findByShadowText(/^updated .* ago$/u)).toBeVisible();
  },
};
