import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { fakeEntries } from '../../testing/fake-bff-directory.ts';
import { inState } from '../../testing/story-states.ts';
import type { LuminaWidget } from '../widget/widget.ts';

type Story = StoryObj<LuminaWidget>;

const meta: Meta<LuminaWidget> = {
  title: 'Kinds/Bar',
  component: 'lumina-widget',
  args: { kind: 'bar', metric: 'call_count', groupBy: 'queue_id', bin: '5m' },
  parameters: { lumina: { box: { widthPx: 520, heightPx: 340 } } },
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

export const OneBar: Story = {
  args: { groupBy: 'direction', filters: [{ dim: 'direction', op: 'eq', values: ['inbound'] }] },
};

export const ManyBars: Story = {
  parameters: { lumina: { bff: { directory: { queues: fakeEntries('queue', 24) } } } },
};

export const Vertical: Story = { args: { groupBy: 'direction', display: { orientation: 'vertical' } } };

export const Horizontal: Story = { args: { display: { orientation: 'horizontal' } } };

export const Stacked: Story = {
  args: { metric: 'agent_available_count,agent_busy_count', groupBy: 'team_id', display: { isStacked: true } },
};

export const Thresholds: Story = {
  args: {
    metric: 'queue_service_level',
    display: {
      thresholds: [
        { from: 0, tone: 'critical' },
        { from: 79, tone: 'warning' },
        { from: 82, tone: 'good' },
      ],
    },
  },
};

export const LargeNumbers: Story = {
  parameters: { lumina: { bff: { scenarios: { call_count: { values: [1_234_567], total: 1_234_567 } } } } },
};

export const SmallNumbers: Story = {
  args: { metric: 'queue_abandon_rate' },
  parameters: { lumina: { bff: { scenarios: { queue_abandon_rate: { values: [0.004], total: 0.004 } } } } },
};

export const German: Story = { globals: { locale: 'de-DE' } };

export const Narrow: Story = { parameters: { lumina: { box: { widthPx: 300, heightPx: 320 } } } };

export const Wall: Story = {
  globals: { density: 'wall' },
  parameters: { lumina: { box: { widthPx: 1100, heightPx: 560 } } },
};
