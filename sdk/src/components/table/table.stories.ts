import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { within } from 'shadow-dom-testing-library';
import { expect, waitFor } from 'storybook/test';
import { fakeEntries } from '../../testing/fake-bff-directory.ts';
import { inState } from '../../testing/story-states.ts';
import type { LuminaWidget } from '../widget/widget.ts';

type Story = StoryObj<LuminaWidget>;

const meta: Meta<LuminaWidget> = {
  title: 'Kinds/Table',
  component: 'lumina-widget',
  args: {
    kind: 'table',
    metric: 'queue_depth,queue_wait_time,queue_service_level',
    groupBy: 'queue_id',
    heading: 'Queues',
  },
  parameters: { lumina: { box: { widthPx: 680, heightPx: 320 } } },
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

export const OneRow: Story = { args: { groupBy: '' } };

export const ManyRows: Story = {
  parameters: { lumina: { bff: { directory: { queues: fakeEntries('queue', 24) } } } },
};

export const LargeAndSmallNumbers: Story = {
  args: { metric: 'call_count,queue_abandon_rate' },
  parameters: {
    lumina: {
      bff: {
        scenarios: {
          call_count: { values: [4100], total: 1_234_567 },
          queue_abandon_rate: { values: [0.004], total: 0.004 },
        },
      },
    },
  },
};

export const OneMetricMissing: Story = {
  parameters: { lumina: { bff: { scenarios: { queue_wait_time: 'empty' } } } },
};

export const Thresholds: Story = {
  args: {
    metric: 'queue_service_level,queue_depth',
    display: {
      thresholds: [
        { from: 0, tone: 'critical' },
        { from: 79, tone: 'warning' },
        { from: 82, tone: 'good' },
      ],
    },
  },
};

export const German: Story = { args: { heading: 'Warteschlangen' }, globals: { locale: 'de-DE' } };

export const Narrow: Story = { parameters: { lumina: { box: { widthPx: 300, heightPx: 360 } } } };

export const Compact: Story = { globals: { density: 'compact' } };

export const Wall: Story = {
  globals: { density: 'wall' },
  parameters: { lumina: { box: { widthPx: 1200, heightPx: 560 } } },
};

export const Sorted: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const names = (): string[] => canvas.getAllByShadowRole('rowheader').map(({ textContent }) => textContent.trim());
    await canvas.findByShadowText('Sales');
    const before = names();
    const byName = canvas.getByShadowRole('button', { name: 'Queue' });
    byName.click();
    await waitFor(() => expect(names()).not.toEqual(before));
    const ascending = names();
    byName.click();
    await waitFor(() => expect(names()).toEqual([...ascending].reverse()));
  },
};
