import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { describeRoutes } from '../../src/control/openapi/describe-routes.js';
import { platformRoutes } from '../fakes/platform-routes.js';

interface Described extends Record<string, unknown> {
  readonly paths: Record<string, Record<string, { operationId: string }>>;
}

describe('GET /openapi.json', function () {
  this.timeout(30_000);
  const routes = platformRoutes();
  const description = describeRoutes(routes, { application: 'invoices', version: '0.1.0' });

  it('is OpenAPI 3.1 by its schema', async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(description)) as Record<string, unknown>);
    expect(result.errors ?? []).to.deep.equal([]);
    expect(result.valid).to.equal(true);
  });

  const lint = async (described: unknown) =>
    lintFromString({
      source: JSON.stringify(described),
      config: await createConfig({ extends: ['recommended-strict'] }),
    });

  it('has nothing that Redocly finds wrong', async () => {
    const problems = await lint(description);
    expect(
      problems.map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer })),
    ).to.deep.equal([]);
  });

  it('would not pass either of them with a mistake', async () => {
    const wrong = JSON.parse(JSON.stringify(description)) as Described;
    wrong.paths['/workers']!['get']!.operationId = wrong.paths['/workers/{name}']!['get']!.operationId;
    expect((await lint(wrong)).map(({ ruleId }) => ruleId)).to.deep.equal(['operation-operationId-unique']);
    expect((await new Validator().validate({ ...wrong, info: {} })).valid).to.equal(false);
  });

  it('says of every open part of a path what it is', () => {
    for (const { path, parts = {} } of routes) {
      const open = [...path.matchAll(/<(\w+)>/g)].map(([, name]) => name);
      expect(Object.keys(parts), path).to.deep.equal(open);
    }
  });
});
