import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { inState } from '../../testing/story-states.ts';
import type { LuminaWidget } from '../widget/widget.ts';

type Story = StoryObj<LuminaWidget>;

const meta: Meta<LuminaWidget> = {
  title: 'Kinds/Gauge',
  component: 'lumina-widget',
  args: { kind: 'gauge', metric: 'queue_service_level', target: 80, bin: '5m' },
  parameters: { lumina: { box: { widthPx: 320, heightPx: 280 } } },
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

export const Met: Story = {
  parameters: { lumina: { bff: { scenarios: { queue_service_level: { values: [92], total: 92.4 } } } } },
};

export const Missed: Story = {
  parameters: { lumina: { bff: { scenarios: { queue_service_level: { values: [61], total: 61.3 } } } } },
};

export const Thresholds: Story = {
  args: {
    display: {
      thresholds: [
        { from: 0, tone: 'critical' },
        { from: 70, tone: 'warning' },
        { from: 85, tone: 'good' },
      ],
    },
  },
};

export const OwnScale: Story = {
  args: { metric: 'queue_depth', target: 10, display: { min: 0, max: 20 }, options: { stat: 'now' } },
};

export const BeyondItsScale: Story = {
  args: { metric: 'queue_depth', target: 10, display: { min: 0, max: 20 }, options: { stat: 'now' } },
  parameters: { lumina: { bff: { scenarios: { queue_depth: { values: [18, 26], total: 26 } } } } },
};

export const LargeNumber: Story = {
  args: { metric: 'call_count', target: 1_000_000 },
  parameters: { lumina: { bff: { scenarios: { call_count: { values: [4100], total: 1_234_567 } } } } },
};

export const SmallNumber: Story = {
  args: { metric: 'queue_abandon_rate', target: 0.01, display: { min: 0, max: 0.02 } },
  parameters: { lumina: { bff: { scenarios: { queue_abandon_rate: { values: [0.004], total: 0.004 } } } } },
};

export const German: Story = { globals: { locale: 'de-DE' } };

export const Narrow: Story = { parameters: { lumina: { box: { widthPx: 180, heightPx: 220 } } } };

export const Wall: Story = {
  globals: { density: 'wall' },
  parameters: { lumina: { box: { widthPx: 520, heightPx: 440 } } },
};
