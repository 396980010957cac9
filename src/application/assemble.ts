import { Container, type BindToFluentSyntax, type Newable, type ServiceIdentifier } from 'inversify';
import type { ApplicationModule, ModuleBuilder } from '../contracts/application.js';
import type { ControlRoute } from '../contracts/control-route.js';
import type { HealthContributor } from '../contracts/health.js';
import type { Worker } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';
import { checkName } from '../worker/names.js';

/** What one module brought. */
export interface AssembledModule {
  readonly name: string;
  /** The modules that it is built on. */
  readonly imports: readonly string[];
  readonly configs: readonly Newable<object>[];
  readonly workers: readonly Newable<Worker>[];
  readonly healthContributors: readonly Newable<HealthContributor>[];
  readonly controlRoutes: readonly Newable<ControlRoute>[];
}

/** All modules of an application, and the container that their bindings went into. */
export interface Assembly {
  /** Name of the root module. */
  readonly name: string;
  /** Each once, the imported before those who import them. */
  readonly modules: readonly AssembledModule[];
  readonly container: Container;
  /** The class behind each service that was bound to one: to explain what is missing. */
  readonly implementations: ReadonlyMap<ServiceIdentifier, Newable>;
}

/**
 * Asks the root module, and the modules that it imports, what they consist of. Constructs no component.
 * @throws `MODULE_CYCLE`, `MODULE_DUPLICATE`, `NAME_INVALID`, or `ASSEMBLY_FAILED` when a module throws
 */
export function assemble(root: Newable<ApplicationModule>): Assembly {
  const container = new Container();
  const implementations = new Map<ServiceIdentifier, Newable>();
  const modules: AssembledModule[] = [];
  const done = new Set<Newable<ApplicationModule>>();
  const path: { type: Newable<ApplicationModule>; name: string }[] = [];

  const visit = (type: Newable<ApplicationModule>): string => {
    const onPath = path.findIndex((outer) => outer.type === type);
    if (onPath >= 0) {
      const circle = [...path.slice(onPath).map(({ name }) => name), path[onPath]?.name];
      throw new PlbaError('MODULE_CYCLE', `modules import each other in a circle: ${circle.join(' -> ')}`, {
        hint: 'move what both need into a third module',
      });
    }
    const module = construct(type);
    if (done.has(type)) return module.name;
    checkName('module', module.name, `class ${type.name}`);
    if ([...modules, ...path].some(({ name }) => name === module.name)) {
      throw new PlbaError(
        'MODULE_DUPLICATE',
        `two modules are called "${module.name}"; one of them is class ${type.name}`,
        {
          hint: 'give one of them another name',
        },
      );
    }
    path.push({ type, name: module.name });
    const imports: string[] = [];
    const configs: Newable<object>[] = [];
    const workers: Newable<Worker>[] = [];
    const healthContributors: Newable<HealthContributor>[] = [];
    const controlRoutes: Newable<ControlRoute>[] = [];
    const builder: ModuleBuilder = {
      config: (config) => void configs.push(config),
      bind: (identifier) => recordClass(container.bind(identifier), identifier, implementations),
      worker: (worker) => void workers.push(worker),
      healthContributor: (contributor) => void healthContributors.push(contributor),
      controlRoute: (route) => void controlRoutes.push(route),
      import: (imported) => void imports.push(visit(imported)),
    };
    callAssemble(module, builder);
    path.pop();
    done.add(type);
    modules.push({ name: module.name, imports, configs, workers, healthContributors, controlRoutes });
    return module.name;
  };

  const name = visit(root);
  return { name, modules, container, implementations };
}

function construct(type: Newable<ApplicationModule>): ApplicationModule {
  try {
    return new type();
  } catch (cause) {
    throw new PlbaError('ASSEMBLY_FAILED', `module class ${type.name} threw while it was constructed`, { cause });
  }
}

function callAssemble(module: ApplicationModule, builder: ModuleBuilder): void {
  try {
    module.assemble(builder);
  } catch (cause) {
    if (cause instanceof PlbaError) throw cause;
    throw new PlbaError('ASSEMBLY_FAILED', `module "${module.name}" threw while it was assembled`, { cause });
  }
}

// inversify keeps to itself which class a service is bound to, and names only the last link of a chain that breaks.
function recordClass<T>(
  syntax: BindToFluentSyntax<T>,
  identifier: ServiceIdentifier<T>,
  implementations: Map<ServiceIdentifier, Newable>,
): BindToFluentSyntax<T> {
  const to = syntax.to.bind(syntax);
  const toSelf = syntax.toSelf.bind(syntax);
  syntax.to = (type) => {
    implementations.set(identifier, type);
    return to(type);
  };
  syntax.toSelf = () => {
    implementations.set(identifier, identifier as Newable<T>);
    return toSelf();
  };
  return syntax;
}
