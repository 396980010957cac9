import type { TraceState } from '@opentelemetry/api';

/** W3C Trace Context, level 2: a key and a value of `tracestate`. */
const keyForm = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const valueForm = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const mostMembers = 32;

type Members = readonly (readonly [key: string, value: string])[];

/** What vendors have written beside the ids of a trace: an ordered list, newest first. Immutable. */
export class VendorState implements TraceState {
  private constructor(private readonly members: Members) {}

  /**
   * Reads the header. As W3C wants it, one member that breaks a rule, or more than 32 of them, spoil the whole; of two
   * members with one key the first counts. Undefined when nothing of use is there.
   */
  static parse(header: string): VendorState | undefined {
    const members = new Map<string, string>();
    let count = 0;
    for (const part of header.split(',')) {
      // Blanks and tabs around a member are allowed, and so is nothing between two commas.
      const member = part.replace(/^[ \t]+|[ \t]+$/g, '');
      if (member === '') continue;
      const at = member.indexOf('=');
      const [key, value] = [member.slice(0, Math.max(0, at)), member.slice(at + 1)];
      if (++count > mostMembers || !keyForm.test(key) || !valueForm.test(value)) return undefined;
      if (!members.has(key)) members.set(key, value);
    }
    return members.size === 0 ? undefined : new VendorState([...members]);
  }

  get(key: string): string | undefined {
    return this.members.find(([known]) => known === key)?.[1];
  }

  set(key: string, value: string): VendorState {
    if (!keyForm.test(key) || !valueForm.test(value)) return this;
    return new VendorState([[key, value] as const, ...this.others(key)].slice(0, mostMembers));
  }

  unset(key: string): VendorState {
    return new VendorState(this.others(key));
  }

  serialize(): string {
    return this.members.map(([key, value]) => `${key}=${value}`).join(',');
  }

  private others(key: string): Members {
    return this.members.filter(([known]) => known !== key);
  }
}
