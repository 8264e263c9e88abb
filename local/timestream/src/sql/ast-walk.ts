import type { Expression } from './ast.ts';
import { isAggregateName } from './aggregates.ts';

/** The expressions directly inside; subqueries are worlds of their own. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'unary':
    case 'not':
    case 'isNull':
    case 'cast':
    case 'inQuery':
      return [node.operand];
    case 'binary':
    case 'logical':
      return [node.left, node.right];
    case 'between':
      return [node.operand, node.low, node.high];
    case 'in':
      return [node.operand, ...node.list];
    case 'like':
      return [node.operand, node.pattern, ...(node.escape === undefined ? [] : [node.escape])];
    case 'case':
      return [
        ...(node.subject === undefined ? [] : [node.subject]),
        ...node.branches.flatMap((branch) => [branch.when, branch.then]),
        ...(node.otherwise === undefined ? [] : [node.otherwise]),
      ];
    case 'call': {
      const { args, filter, over } = node.call;
      const window = over === undefined ? [] : [...over.partitionBy, ...over.orderBy.map((item) => item.expression)];
      return [...args, ...(filter === undefined ? [] : [filter]), ...window];
    }
    case 'array':
      return node.items;
    case 'subscript':
      return [node.operand, node.index];
    default:
      return [];
  }
}

/** Whether an aggregate (not a window function) stands in the expression. */
export function containsAggregate(node: Expression): boolean {
  if (node.kind === 'call' && node.call.over === undefined && isAggregateName(node.call.name)) return true;
  return childrenOf(node).some(containsAggregate);
}
