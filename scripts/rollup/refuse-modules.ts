import type { Plugin } from 'rollup';

/**
 * Fails the build when a module that must not be shipped found its way into a file. Modules of which nothing is left
 * after tree-shaking do not count.
 *
 * @param refused what they are called, and a pattern of their paths
 */
export function refuseModules(refused: Readonly<Record<string, RegExp>>): Plugin {
  return {
    name: 'refuse-modules',
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        for (const [id, { renderedLength }] of Object.entries(output.modules)) {
          const [name] = Object.entries(refused).find(([, pattern]) => pattern.test(id)) ?? [];
          if (name !== undefined && renderedLength > 0) {
            this.error(`${output.fileName} would contain ${name} (${id}). Import types and constants only.`);
          }
        }
      }
    },
  };
}
