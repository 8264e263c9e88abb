export type { Alerts, LuminaAlert } from './alerts.ts';
export { LuminaClient } from './lumina-client.ts';
export type { LuminaClientOptions, WatchOptions } from './lumina-client.ts';
export type { MetricsUpdate, Watch } from './metric-watch.ts';
export { applyFrame } from './live/apply-frame.ts';
export type { ConnectionPhase, ConnectionState, ConnectionStatus } from './live/connection-state.ts';
export type { TransportName } from './live/transport.ts';
export type { OpenSocket } from './live/websocket-transport.ts';
export type { ClientManagers, OnlineManager, TimerManager, VisibilityManager } from './managers.ts';
export { LuminaError } from './lumina-error.ts';
export type { LuminaErrorCode, LuminaErrorOptions } from './lumina-error.ts';
export type { DashboardSummary, StoredDashboard } from './dashboards.ts';
export { directoryKindOf } from './directory.ts';
export type { DirectoryKind, DirectoryNames } from './directory.ts';
export type { GetToken, TokenAnswer, TokenNotice, TokenReason } from './token-source.ts';
export type { SessionInfo } from './session.ts';
export { isCurrent, widgetStateOf } from './widget-state.ts';
export type { WidgetState } from './widget-state.ts';
export type { Subscribable } from './subscribable.ts';
export type {
  Bin,
  Dashboard,
  LiveFrame,
  LiveRequest,
  MetricFilter,
  MetricQuery,
  MetricQueryOptions,
  MetricQueryRequest,
  MetricReply,
  Problem,
  ProblemCode,
  QueryRange,
  Threshold,
  VariableValues,
  Widget,
  WidgetOptions,
} from '@lumina/contracts';
