import { secretMask, shortestSecret, type SecretVault } from '../secrets/secret-vault.js';
import type { ConfigEntry } from '../contracts/config-report.js';
import { describeOrigin, type Origin, type Raw } from './raw.js';
import type { Schema } from './schema.js';
import { howToSet, type Violation } from './violation.js';

const tooShort = `is a secret and must have at least ${shortestSecret} characters, since masking a shorter one would mask ordinary text`;

/** Collects what is in force, as it may be shown, and makes the secrets among it known. */
export class EffectiveValues {
  readonly entries: ConfigEntry[] = [];
  /** What is really in force, secrets too, by path. */
  readonly values = new Map<string, unknown>();

  constructor(
    private readonly vault: SecretVault,
    private readonly violations: Violation[],
  ) {}

  /** A value that is as declared. False for a secret that is too short to be one. */
  add(path: readonly string[], value: unknown, origin: Origin, isSecret: boolean): boolean {
    const source = describeOrigin(origin);
    if (isSecret && !this.register(value)) {
      const received = `${String(value).length} characters`;
      this.violations.push({ path: path.join('.'), rule: tooShort, received, from: source, hint: howToSet(path) });
      return false;
    }
    this.push(path, value, isSecret, source);
    return true;
  }

  /** What is inside of a value that no schema describes: which keys there are, and none of the values. */
  addUnknown(path: readonly string[], raw: Raw, isSecret: boolean): void {
    if (raw.kind === 'value') {
      if (isSecret) this.register(raw.value);
      this.push(path, raw.value, true, describeOrigin(raw.origin));
      return;
    }
    const inner = raw.kind === 'list' ? raw.items.entries() : raw.entries;
    for (const [key, value] of inner) this.addUnknown([...path, String(key)], value, isSecret);
  }

  /** What is in force where nothing was configured. */
  addDefault(path: readonly string[], value: unknown, schema: Schema, isWithinSecret: boolean): void {
    if (value === undefined || schema.kind === 'absent') return;
    const isSecret = isWithinSecret || schema.secret === true;
    if (schema.kind === 'group' && typeof value === 'object' && value !== null) {
      const values = value as Record<string, unknown>;
      for (const [key, { schema: inner }] of schema.fields)
        this.addDefault([...path, key], values[key], inner, isSecret);
    } else if (schema.kind === 'list' && Array.isArray(value) && value.length > 0) {
      value.forEach((item, at) => {
        this.addDefault([...path, String(at)], item, schema.item, isSecret);
      });
    } else {
      // An empty default is how a class says that there is none.
      if (isSecret && value !== '' && !this.register(value))
        this.violations.push({
          path: path.join('.'),
          rule: `${tooShort}: its default is shorter`,
          hint: howToSet(path),
        });
      this.push(path, value, isSecret, 'default', true);
    }
  }

  /** A value that is refused is as secret as one that is taken. */
  registerRefused(raw: Raw): void {
    if (raw.kind === 'value') this.register(raw.value);
    else for (const [, inner] of raw.kind === 'list' ? raw.items.entries() : raw.entries) this.registerRefused(inner);
  }

  /** Makes a secret known. False when it is too short. What holds one bit gives nothing away by its mask alone. */
  private register(value: unknown): boolean {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return true;
    const text = String(value);
    if (text.length < shortestSecret) return false;
    this.vault.register(text);
    return true;
  }

  private push(path: readonly string[], value: unknown, isHidden: boolean, source: string, isDefault = false): void {
    const at = path.join('.');
    this.values.set(at, value);
    this.entries.push({ path: at, value: isHidden ? secretMask : value, source, isDefault });
  }
}
