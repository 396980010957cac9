import type { Fire, PlannedFires } from './plan-fires.js';
import { type Cell, table } from './table.js';
import { triggerText } from './trigger-text.js';

/** When workers are due next, and what becomes of that when the clocks are changed. */
export function scheduleText(plans: readonly PlannedFires[], columns: number | undefined): string {
  const next = plans.flatMap((plan) => {
    const rows = plan.fires.map((fire, index) => cells(plan, fire, fire.note ?? (index === 0 ? plan.note : undefined)));
    return rows.length === 0 ? [cells(plan, undefined, plan.note)] : rows;
  });
  const changed = plans.flatMap((plan) => plan.aroundClockChange.map((fire) => cells(plan, fire, fire.note)));
  const around =
    changed.length === 0 ? '' : `\nwhen the clocks are changed next:\n${table(headings, changed, columns)}`;
  return `${table(headings, next, columns)}${around}`;
}

const headings = ['worker', 'trigger', 'due', 'time zone', 'note'];

function cells({ worker, trigger, timezone }: PlannedFires, fire: Fire | undefined, note: string | undefined): Cell[] {
  const written = trigger?.kind === 'cron' ? `cron ${trigger.expression}` : triggerText(trigger);
  return [worker, written, fire?.local, fire === undefined ? undefined : timezone, note];
}
