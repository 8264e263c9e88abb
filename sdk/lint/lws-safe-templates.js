/**
 * ESLint plugin with one rule, `lws-safe/templates`: Lit templates that survive Lightning Web Security's sanitizer.
 *
 * The sanitizer removes some tags without an error and strips attribute bindings on built-in elements, after which
 * every later binding of the template lands one place off. Properties, boolean attributes, events, children and
 * element directives are safe; attribute bindings are safe on custom elements only.
 */

/** Tags that the sanitizer removes. */
const FORBIDDEN_TAGS = new Set(['slot', 'main', 'dialog', 'template', 'foreignobject', 'link', 'iframe']);

/** Values of id, name and slot that are properties of a document or a form, which the clobbering guard drops. */
const CLOBBERING = new Set([
  'title',
  'body',
  'location',
  'action',
  'name',
  'length',
  'forms',
  'links',
  'images',
  'cookie',
]);
const NAMING_ATTRIBUTES = new Set(['id', 'name', 'slot']);

const TEMPLATE_TAGS = new Set(['html', 'svg', 'mathml']);
const HOLE = '\u0001';

/**
 * Start tags of a template with their attributes. A hole is a place where an expression stands.
 *
 * @param {string} source the template's strings, joined by holes
 * @returns {{name: string, attributes: {name: string, value: string}[]}[]} in document order
 */
export function startTags(source) {
  const tags = [];
  const withoutComments = source.replaceAll(/<!--[\s\S]*?-->/g, '');
  const tag = /<([a-zA-Z\u0001][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g;
  for (const [, name, rest] of withoutComments.matchAll(tag)) {
    const attributes = [];
    const attribute = /([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;
    for (const [, attributeName, double, single, bare] of rest.matchAll(attribute)) {
      attributes.push({ name: attributeName, value: double ?? single ?? bare ?? '' });
    }
    tags.push({ name: name.toLowerCase(), attributes });
  }
  return tags;
}

function checkAttribute(tagName, { name, value }) {
  const isBuiltIn = !tagName.includes('-');
  const isElementBinding = name === HOLE;
  if (isElementBinding || /^[.?@]/.test(name)) return undefined;
  if (name.includes(HOLE)) return { messageId: 'dynamicName', data: { tag: tagName } };
  if (isBuiltIn && value.includes(HOLE)) return { messageId: 'attributeBinding', data: { tag: tagName, name } };
  if (name.toLowerCase() === 'style') return { messageId: 'literalStyle', data: { tag: tagName } };
  if (NAMING_ATTRIBUTES.has(name) && CLOBBERING.has(value)) {
    return { messageId: 'clobbering', data: { name, value } };
  }
  return undefined;
}

function problemsOf(source) {
  return startTags(source).flatMap(({ name, attributes }) => {
    if (name.includes(HOLE)) return [{ messageId: 'dynamicTag', data: {} }];
    const own = FORBIDDEN_TAGS.has(name) ? [{ messageId: 'forbiddenTag', data: { tag: name } }] : [];
    return [...own, ...attributes.map((attribute) => checkAttribute(name, attribute)).filter(Boolean)];
  });
}

/** @type {import('eslint').Rule.RuleModule} */
export const templates = {
  meta: {
    type: 'problem',
    docs: { description: 'Keep Lit templates within the subset that Lightning Web Security leaves whole' },
    schema: [],
    messages: {
      forbiddenTag: '<{{tag}}> is removed by Lightning Web Security; make the node with document.createElement.',
      attributeBinding:
        'An attribute binding on the built-in <{{tag}}> is stripped by Lightning Web Security: bind a property (.{{name}}), a boolean (?{{name}}) or use an element directive.',
      dynamicName: 'An attribute name of <{{tag}}> must not be an expression.',
      dynamicTag: 'A tag name must not be an expression.',
      literalStyle:
        'style="…" on <{{tag}}> is blocked by a strict content security policy: use a style sheet or .style.',
      clobbering: '{{name}}="{{value}}" is dropped by the sanitizer because it hides a property of the document.',
    },
  },
  create(context) {
    return {
      TaggedTemplateExpression(node) {
        if (node.tag.type !== 'Identifier' || !TEMPLATE_TAGS.has(node.tag.name)) return;
        const source = node.quasi.quasis.map(({ value }) => value.cooked ?? value.raw).join(HOLE);
        for (const problem of problemsOf(source)) context.report({ node, ...problem });
      },
    };
  },
};

export default { meta: { name: 'lws-safe' }, rules: { templates } };
