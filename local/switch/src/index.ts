export { createSwitch, Switch } from './create-switch.ts';
export type { SwitchOptions } from './create-switch.ts';
export type { EventToFire } from './flood.ts';
export type { SwitchClock } from './clock.ts';
export type { Headers, SwitchEvent } from './event.ts';
export type { AgentRow, ChannelRow, MemberRow, MemberState, QueueRow, SwitchState } from './state.ts';
