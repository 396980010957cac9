import { getHeapSpaceStatistics } from 'node:v8';
import type { Metrics } from '../contracts/metrics.js';

/** Shows what the process itself has to say, under the names of OpenTelemetry's conventions for processes and Node.js. */
export function observeProcess(metrics: Metrics): void {
  metrics.observe(
    'gauge',
    'v8js.memory.heap.used',
    { description: 'Heap in use, by space', unit: 'By', labels: ['v8js.heap.space.name'] },
    (report) => {
      for (const space of getHeapSpaceStatistics()) {
        report(space.space_used_size, { 'v8js.heap.space.name': space.space_name });
      }
    },
  );
  metrics.observe(
    'gauge',
    'process.memory.usage',
    { description: 'Memory that the process holds', unit: 'By' },
    (report) => {
      report(process.memoryUsage.rss());
    },
  );
  metrics.observe(
    'counter',
    'process.cpu.time',
    { description: 'CPU time that the process has used', unit: 's', labels: ['cpu.mode'] },
    (report) => {
      const { user, system } = process.cpuUsage();
      report(user / 1e6, { 'cpu.mode': 'user' });
      report(system / 1e6, { 'cpu.mode': 'system' });
    },
  );
  metrics.observe(
    'gauge',
    'process.uptime',
    { description: 'How long the process has been up', unit: 's' },
    (report) => {
      report(process.uptime());
    },
  );
}
