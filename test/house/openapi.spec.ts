import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { describeRoutes } from '../../src/control/openapi/describe-routes.js';
import { platformRoutes } from '../fakes/platform-routes.js';

describe('GET /openapi.json', function () {
  this.timeout(30_000);
  const routes = platformRoutes();
  const description = describeRoutes(routes, { application: 'invoices', version: '0.1.0' });

  it('is OpenAPI 3.1 by its schema', async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(description)) as Record<string, unknown>);
    expect(result.errors ?? []).to.deep.equal([]);
    expect(result.valid).to.equal(true);
  });

  it('has nothing that Redocly finds wrong', async () => {
    const config = await createConfig({ extends: ['recommended-strict'] });
    const problems = await lintFromString({ source: JSON.stringify(description), config });
    expect(
      problems.map(({ ruleId, message, location }) => ({ ruleId, message, at: location[0]?.pointer })),
    ).to.deep.equal([]);
  });

  it('says of every open part of a path what it is', () => {
    for (const { path, parts = {} } of routes) {
      const open = [...path.matchAll(/<(\w+)>/g)].map(([, name]) => name);
      expect(Object.keys(parts), path).to.deep.equal(open);
    }
  });
});
