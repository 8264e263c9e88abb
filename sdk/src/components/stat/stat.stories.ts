import type { Meta, StoryObj } from '@storybook/web-components-vite';
import type { LuminaWidget } from '../widget/widget.ts';

const meta: Meta<LuminaWidget> = {
  title: 'Kinds/Stat',
  component: 'lumina-widget',
  args: { kind: 'stat', metric: 'call_answer_rate', bin: '5m' },
  parameters: { lumina: { box: { widthPx: 320 } } },
};

export default meta;

export const Plain: StoryObj<LuminaWidget> = {};

export const Target: StoryObj<LuminaWidget> = { args: { target: 90 } };
