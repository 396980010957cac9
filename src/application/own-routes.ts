import type { ControlRoute, ControlRouteOptions } from '../contracts/control-route.js';
import type { Route } from '../control/route.js';
import { PlbaError } from '../errors.js';
import { getControlRouteOptions } from '../worker/metadata.js';
import type { Assembly } from './assemble.js';
import { bindDeclared, type ConstructionLimit, type Declared, type Made, resolveDeclared } from './build-container.js';

type Named = ControlRouteOptions & { readonly name: string };

/** The control routes that an application brings. What they need is loaded when there are any. */
export class OwnRoutes {
  #made: Made = new Map();

  private constructor(
    private readonly assembly: Assembly,
    readonly declared: readonly Declared<ControlRoute, Named>[],
  ) {}

  /**
   * Those of an assembly, in order of declaration.
   * @throws `DECORATOR_MISUSED`, `CONTROL_ROUTE_INVALID`, `CONTROL_ROUTE_DUPLICATE`
   */
  static async declaredBy(assembly: Assembly): Promise<OwnRoutes> {
    const declared = assembly.modules.flatMap(({ name: module, controlRoutes }) =>
      controlRoutes.map((type) => {
        const options = getControlRouteOptions(type) ?? notTagged(type.name, module);
        return { type, module, options: { ...options, name: `${options.method} ${options.path}` } };
      }),
    );
    if (declared.length > 0) {
      const { checkOwnRoutes } = await import('../control/routes/check-own-routes.js');
      checkOwnRoutes(
        declared.map(({ type, module, options }) => ({
          options: getControlRouteOptions(type) ?? options,
          owner: `class ${type.name} of module "${module}"`,
        })),
      );
    }
    return new OwnRoutes(assembly, declared);
  }

  /** Binds their classes; see `bindDeclared`. */
  bind(mayReplace: boolean): void {
    this.#made = bindDeclared(this.assembly, 'control route', this.declared, mayReplace);
  }

  /** Constructs them. */
  async resolve(limit: ConstructionLimit): Promise<readonly Route[]> {
    if (this.declared.length === 0) return [];
    const { ownRoute } = await import('../control/routes/own-route.js');
    const resolved = await resolveDeclared(this.assembly, 'control route', this.declared, this.#made, limit);
    return resolved.map(({ options, instance, type }) => ownRoute(options, instance, type.name, limit.clock));
  }
}

function notTagged(type: string, module: string): never {
  throw new PlbaError(
    'DECORATOR_MISUSED',
    `module "${module}" lists class ${type} as a control route, and it is not tagged with @controlRoute()`,
    {
      hint: 'put @controlRoute({ method: …, path: …, authority: … }) above the class itself: a subclass does not inherit it',
    },
  );
}
