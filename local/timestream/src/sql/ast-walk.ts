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
    case 'quantified':
    case 'field':
      return [node.operand];
    case 'binary':
    case 'distinctFrom':
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
      const { args, orderBy, filter, over } = node.call;
      const window = over === undefined ? [] : [...over.partitionBy, ...over.orderBy.map((item) => item.expression)];
      return [...args, ...orderBy.map((item) => item.expression), ...(filter === undefined ? [] : [filter]), ...window];
    }
    case 'logical':
      return node.terms;
    case 'array':
    case 'row':
      return node.items;
    case 'lambda':
      return [node.body];
    case 'subscript':
      return [node.operand, node.index];
    default:
      return [];
  }
}

const standsForGroup = (name: string): boolean => name === 'grouping' || isAggregateName(name);

/** Whether an aggregate (not a window function) stands in the expression. */
export function containsAggregate(node: Expression): boolean {
  if (node.kind === 'call' && node.call.over === undefined && standsForGroup(node.call.name)) return true;
  return childrenOf(node).some(containsAggregate);
}
