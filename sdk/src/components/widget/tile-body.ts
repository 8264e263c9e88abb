import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { WidgetKind } from '@lumina/contracts';
import type { WidgetState } from '../../client/widget-state.ts';
import { kindElement } from './kind-element.ts';
import type { KindInputs } from './kind-element.ts';
import { emptyNotice, errorNotice, idleNotice, offlineNotice } from './notice.ts';
import { skeletonOf } from './skeleton.ts';
import { tableView } from './table-view.ts';
import type { TableContents } from './table-view.ts';
import type { TileController } from './tile-controller.ts';
import type { TileSlots } from './tile-slots.ts';

/** What decides what lies between the header and the footer. */
export interface BodyInputs {
  readonly state: WidgetState;
  readonly kind: WidgetKind;
  readonly tile: TileController;
  readonly slots: TileSlots;
  /** The contents as a table, where the reader asked for one. */
  readonly table: TableContents | undefined;
  readonly kindInputs: Omit<KindInputs, 'view'>;
  readonly onRetry: () => void;
}

/** The data, or what stands in its place. */
export function tileBody(inputs: BodyInputs): TemplateResult | HTMLSlotElement {
  const { state, kind, tile, slots, onRetry } = inputs;
  const { error, view } = tile;
  const metrics = tile.question?.query.metrics ?? [];
  switch (state) {
    case 'idle':
      return idleNotice(tile.question !== undefined);
    case 'loading':
      return slots.show('loading', skeletonOf(kind));
    case 'denied':
    case 'error':
      if (error !== undefined) return slots.show(state, errorNotice(state, error, metrics, onRetry));
      break;
    case 'offline':
      if (view === undefined) {
        return error === undefined ? offlineNotice() : errorNotice(state, error, metrics, onRetry);
      }
      break;
    case 'empty':
      return slots.show('empty', emptyNotice());
    case 'ready':
    case 'late':
    case 'stale':
      break;
  }
  return shown(inputs);
}

function shown({ kind, tile, kindInputs, table }: BodyInputs): TemplateResult {
  const { view } = tile;
  if (view === undefined) return skeletonOf(kind);
  if (!view.hasValues) return emptyNotice();
  return html`${kindElement(kind, { ...kindInputs, view })} ${table === undefined ? nothing : tableView(table)}`;
}
