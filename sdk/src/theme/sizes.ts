import type { Density } from './tokens.ts';

/** Names of the sizes; the public custom property of `value` is `--lumina-value-size`. */
export type SizeName = 'pad' | 'gap' | 'row' | 'title' | 'body' | 'small' | 'value' | 'unit';

/** The public custom property of a size. */
export function sizeProperty(name: SizeName): string {
  return `--lumina-${name}-size`;
}

/**
 * Sizes by density. Type takes its steps from 12, 13, 14, 16, 20, 28, 40 and 56; room is a multiple of 4.
 */
export const SIZES: Readonly<Record<Density, Readonly<Record<SizeName, string>>>> = {
  comfortable: {
    pad: '16px',
    gap: '12px',
    row: '36px',
    title: '13px',
    body: '13px',
    small: '12px',
    value: '40px',
    unit: '16px',
  },
  compact: {
    pad: '12px',
    gap: '8px',
    row: '28px',
    title: '13px',
    body: '12px',
    small: '12px',
    value: '28px',
    unit: '14px',
  },
  wall: {
    pad: '20px',
    gap: '16px',
    row: '52px',
    title: '20px',
    body: '20px',
    small: '16px',
    value: '56px',
    unit: '20px',
  },
};
