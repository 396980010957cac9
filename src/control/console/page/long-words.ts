import { make, type Tree } from './tree.js';

/** From so many letters on a word may be broken in its middle: a path, an address, an id. */
const longWord = /\S{25,}/g;

/** The same, with words that may be broken where they do not fit. All others stay whole, however narrow a column gets. */
export function breakable(tree: Tree): Tree {
  if (typeof tree === 'string') return broken(tree);
  if (Array.isArray(tree)) return (tree as readonly Tree[]).map(breakable);
  if (typeof tree !== 'object' || !('tag' in tree) || tree.tag === 'svg') return tree;
  return { ...tree, children: tree.children.map(breakable) };
}

function broken(text: string): Tree {
  const words = text.match(longWord);
  if (words === null) return text;
  const between = text.split(longWord);
  return between.map((part, index) => {
    const word = words[index];
    return word === undefined ? part : [part, make('span', { class: 'long' }, word)];
  });
}
