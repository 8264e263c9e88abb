import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { within } from 'shadow-dom-testing-library';
import { expect, userEvent, waitFor } from 'storybook/test';
import { inState, serviceOf } from '../../testing/story-states.ts';
import type { LuminaWidget } from './widget.ts';

type Story = StoryObj<LuminaWidget>;

/** What every tile has around its content, whatever its kind: title, menu, age, zone and definition. */
const meta: Meta<LuminaWidget> = {
  title: 'Widget',
  component: 'lumina-widget',
  args: { kind: 'line', metric: 'queue_service_level', groupBy: 'queue_id', bin: '1m' },
  parameters: { lumina: { box: { widthPx: 640, heightPx: 360 } } },
};

export default meta;

export const WithoutMetric: Story = { args: { metric: '' }, parameters: { lumina: { state: 'idle' } } };

export const AnotherZone: Story = { args: { timeZone: 'America/New_York' } };

export const OneQueueWithALongName: Story = {
  args: {
    kind: 'stat',
    groupBy: '',
    heading: 'Priority customers, all of Europe, day team',
    subtitle: 'Service level of calls answered within twenty seconds',
    filters: [{ dim: 'queue_id', op: 'eq', values: ['q_vip'] }],
  },
  parameters: { lumina: { box: { widthPx: 320 } } },
};

export const PartlyMissing: Story = {
  args: { metric: 'queue_depth,queue_wait_time', groupBy: '', kind: 'table' },
  parameters: { lumina: { bff: { scenarios: { queue_wait_time: 'error' } } } },
};

export const DefinitionByKeyboard: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const opener = await canvas.findByShadowRole('button', { name: 'Definition' });
    opener.focus();
    await userEvent.keyboard('{Enter}');
    const panel = await canvas.findByShadowRole('note', { name: 'Definition' });
    await waitFor(() => expect(panel).toBeVisible());
    await expect(panel).toHaveTextContent(/Version \d+/u);
  },
};

export const DefinitionInGerman: Story = {
  globals: { locale: 'de-DE' },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    (await canvas.findByShadowRole('button', { name: 'Definition' })).click();
    await waitFor(() => expect(canvas.getByShadowRole('note')).toBeVisible());
  },
};

export const MenuByArrowKeys: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const opener = await canvas.findByShadowRole('button', { name: /^Menu of/u });
    opener.focus();
    await userEvent.keyboard('{Enter}');
    const entries = await canvas.findAllByShadowRole('menuitem');
    const focused = (): Element | null => (opener.getRootNode() as ShadowRoot).activeElement;
    await waitFor(() => expect(focused()).toBe(entries[0]));
    await userEvent.keyboard('{ArrowDown}');
    await expect(focused()).toBe(entries[1]);
    await userEvent.keyboard('{End}');
    await expect(focused()).toBe(entries.at(-1));
  },
};

export const ViewedAsTable: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    const opener = await canvas.findByShadowRole('button', { name: /^Menu of/u });
    opener.click();
    const entry = await canvas.findByShadowRole('menuitem', { name: 'View as table' });
    entry.click();
    await expect(await canvas.findByShadowRole('table')).toBeVisible();
    await waitFor(() => expect(entry).not.toBeVisible());
  },
};

export const RefreshedFromTheMenu: Story = {
  ...inState('ready'),
  play: async (context) => {
    const canvas = within(context.canvasElement);
    const opener = await canvas.findByShadowRole('button', { name: /^Menu of/u });
    const before = serviceOf(context).requests.length;
    opener.click();
    const entry = await canvas.findByShadowRole('menuitem', { name: 'Refresh' });
    entry.click();
    await waitFor(() => expect(serviceOf(context).requests.length).toBeGreaterThan(before));
    await waitFor(() => expect(entry).not.toBeVisible());
  },
};
