import type { Agent } from 'node:http';

/** The connections to collectors, so that they can be cut off at the end. */
export class Agents {
  private readonly agents: Agent[] = [];

  async make(protocol: string): Promise<Agent> {
    const { Agent } = protocol === 'https:' ? await import('node:https') : await import('node:http');
    const agent = new Agent({ keepAlive: true });
    this.agents.push(agent);
    return agent;
  }

  destroy(): void {
    for (const agent of this.agents) agent.destroy();
  }
}
