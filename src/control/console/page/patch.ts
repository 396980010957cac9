import { type Attributes, type Branch, flatten, type Tree } from './tree.js';

/** What each element was last told to be. */
const told = new WeakMap<Element, Branch>();

const svgNamespace = 'http://www.w3.org/2000/svg';

/**
 * Makes the children of `parent` what they should be and changes nothing that is so already: focus, selection, scrolling and what
 * was typed stay where they are while everything around them is live.
 */
export function patch(parent: Element, children: readonly Tree[]): void {
  const wanted = flatten(children);
  const kept = keyedChildren(parent, wanted);
  let at: ChildNode | null = parent.firstChild;
  for (const child of wanted) {
    const node = typeof child === 'string' ? textAt(at, child) : elementAt(parent, at, child, kept);
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  while (at !== null) {
    const next: ChildNode | null = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** The children with a key that is still wanted. The others go first, so that what stays need not move. */
function keyedChildren(parent: Element, wanted: readonly (Branch | string)[]): Map<string, Element> {
  const keys = new Set(wanted.map((child) => (typeof child === 'string' ? undefined : child.key)));
  const kept = new Map<string, Element>();
  for (const child of [...parent.children]) {
    const key = told.get(child)?.key;
    if (key === undefined) continue;
    if (keys.has(key)) kept.set(key, child);
    else child.remove();
  }
  return kept;
}

function textAt(at: ChildNode | null, text: string): Text {
  if (!(at instanceof Text)) return document.createTextNode(text);
  if (at.data !== text) at.data = text;
  return at;
}

function elementAt(parent: Element, at: ChildNode | null, wanted: Branch, kept: Map<string, Element>): Element {
  const found = wanted.key === undefined ? at : kept.get(wanted.key);
  const before = found instanceof Element ? told.get(found) : undefined;
  const isSame = before !== undefined && before.tag === wanted.tag && before.key === wanted.key;
  const element = isSame && found instanceof Element ? found : create(parent, wanted.tag);
  setAttributes(element, isSame ? before.attributes : {}, wanted.attributes);
  told.set(element, wanted);
  patch(element, wanted.children);
  return element;
}

function create(parent: Element, tag: string): Element {
  const isSvg = tag === 'svg' || (parent.namespaceURI === svgNamespace && parent.tagName !== 'foreignObject');
  return isSvg ? document.createElementNS(svgNamespace, tag) : document.createElement(tag);
}

function setAttributes(element: Element, before: Attributes, wanted: Attributes): void {
  for (const [name, value] of Object.entries(wanted)) if (before[name] !== value) setAttribute(element, name, value);
  for (const name of Object.keys(before)) if (!(name in wanted)) setAttribute(element, name, undefined);
}

function setAttribute(element: Element, name: string, value: Attributes[string]): void {
  // A listener is a property: as an attribute it would be an inline script, which the page's policy forbids.
  if (name.startsWith('on')) Reflect.set(element, name, typeof value === 'function' ? value : null);
  else if (value === undefined || value === false || typeof value === 'function') element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}
