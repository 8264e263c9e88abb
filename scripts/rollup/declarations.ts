import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'rollup';
import ts from 'typescript';

const SCHEMA_FOLDER = '/src/schemas/';

/** The compiler's settings for a module of contracts, which needs no ambient types. */
const OPTIONS: ts.CompilerOptions = {
  allowImportingTsExtensions: true,
  exactOptionalPropertyTypes: true,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.NodeNext,
  noEmit: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: [],
};

/**
 * The types that a module infers from its schemas, written out, without the schemas: who uses them needs no TypeBox.
 *
 * @param file a TypeScript module whose aliases stand for what a schema describes
 */
export function writtenOutTypes(file: string): string {
  const program = ts.createProgram([file], OPTIONS);
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} cannot be read.`);
  const checker = program.getTypeChecker();
  const printer = ts.createPrinter();
  // What an alias stands for, not its name; whole, however long it is; a line for each property.
  const flags: ts.NodeBuilderFlags =
    ts.NodeBuilderFlags.InTypeAlias | ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.MultilineObjectLiterals;
  const declarations = source.statements.filter(ts.isTypeAliasDeclaration).map((statement) => {
    const node = checker.typeToTypeNode(checker.getTypeAtLocation(statement.name), undefined, flags);
    if (node === undefined) throw new Error(`The type ${statement.name.text} of ${file} cannot be written out.`);
    const [comment] = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
    const text = printer.printNode(ts.EmitHint.Unspecified, node, source);
    return `${comment?.getText() ?? ''}\nexport type ${statement.name.text} = ${text};`;
  });
  return `${declarations.join('\n')}\nexport {};\n`;
}

/**
 * Resolves what `tsc -b` wrote: modules named by their source's name, and the contracts by their package's. The types of
 * schemas come written out.
 *
 * @param contracts the folder of the contracts workspace, with a slash at its end
 */
export function contractTypes(contracts: string): Plugin {
  return {
    name: 'contract-types',
    resolveId(source, importer) {
      if (source === '@lumina/contracts') return `${contracts}.tsbuild/src/index.d.ts`;
      // The compiler names where Lit declares a type, not the package it was imported from.
      if (/^lit-html(\/|$)/u.test(source)) return { id: source.replace('lit-html', 'lit'), external: true };
      if (importer === undefined || !source.startsWith('.') || !source.endsWith('.ts')) return null;
      const declaration = path.resolve(path.dirname(importer), source.replace(/(\.d)?\.ts$/u, '.d.ts'));
      return existsSync(declaration) ? declaration : null;
    },
    load(id) {
      if (!id.startsWith(contracts) || !id.includes(SCHEMA_FOLDER)) return null;
      return writtenOutTypes(id.replace('/.tsbuild/', '/').replace(/\.d\.ts$/u, '.ts'));
    },
  };
}

/**
 * Declares the modules that define tags. They export nothing, but whoever imports one wants the tag to have its type,
 * which the package's main declarations add to the page's map of tags.
 *
 * @param names paths of these modules in the package, without an extension
 */
export function definitionTypes(names: readonly string[]): Plugin {
  return {
    name: 'definition-types',
    generateBundle() {
      for (const name of names) {
        this.emitFile({ type: 'asset', fileName: `${name}.d.ts`, source: "import '../index.js';\n" });
      }
    },
  };
}
