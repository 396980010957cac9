import type { ErrorSummary } from '../../../contracts/error-summary.js';
import { make, type Tree } from './tree.js';

/** An error with what led to it and what to do about it. */
export function errorOf({ name, message, code, hint, causes = [] }: ErrorSummary): Tree {
  return make(
    'div',
    { class: 'error' },
    make('p', {}, make('strong', {}, code ?? name), ` ${message}`),
    causes.length > 0 &&
      make(
        'ol',
        { class: 'causes', 'aria-label': 'Causes, nearest first' },
        causes.map((cause) => make('li', {}, `because: ${cause}`)),
      ),
    hint !== undefined && make('p', { class: 'hint' }, hint),
  );
}
