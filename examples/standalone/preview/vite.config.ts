import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import type { UserConfig } from 'vite';
import page from '../vite.config.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The preview is a page of its own, so that every path of the real one works in it. */
const preview: UserConfig = {
  root: here('.'),
  publicDir: here('../public'),
  server: { fs: { allow: [here('../../..')] } },
};

export default mergeConfig(page, preview);
