import { PlbaError } from '../errors.js';
import { watch } from './own-context.js';
import { withSpan } from './with-span.js';

/**
 * Does every call of a method inside a span of its own, named `<class>.<method>` unless `name` says otherwise; see
 * {@link withSpan}. For methods of services: `@traced() async post(invoice: Invoice) { … }`.
 * @throws `DECORATOR_MISUSED` on anything but a method
 */
export function traced(name?: string): MethodDecorator {
  // Its class is there before the first run is, so that the very first one is kept.
  watch();
  return (target, key, descriptor) => {
    const method: unknown = (descriptor as PropertyDescriptor | undefined)?.value;
    const owner = typeof target === 'function' ? target.name : target.constructor.name;
    const spanName = name ?? `${owner}.${String(key)}`;
    if (typeof method !== 'function') {
      throw new PlbaError('DECORATOR_MISUSED', `@traced() stands on ${spanName}, which is no method`, {
        hint: 'put it on a method, or use withSpan() inside',
      });
    }
    const traceCall = function (this: unknown, ...args: unknown[]): unknown {
      return withSpan(spanName, () => Reflect.apply(method, this, args) as unknown);
    };
    Object.defineProperty(traceCall, 'name', { value: method.name, configurable: true });
    (descriptor as PropertyDescriptor).value = traceCall;
  };
}
