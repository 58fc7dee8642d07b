import type { Started } from './all-in-one.ts';

/** What a person sees once everything serves: where to go, with what, and two things to try. */
export function banner({ address, routerPort }: Started, seconds: number): string {
  const lines = [
    '',
    `  Headend is up (${seconds.toFixed(1)} s).`,
    '',
    `  GraphQL        ${address}/graphql      queries, mutations; subscriptions over graphql-transport-ws`,
    `  REST           ${address}/docs         Swagger UI; ReDoc at /redoc, OpenAPI at /openapi.json`,
    `  Health         ${address}/health/ready   Metrics ${address}/metrics`,
  ];
  if (routerPort !== undefined) {
    lines.push(
      `  Router         127.0.0.1:${routerPort} (simulated RouterOS; user admin, empty password)`,
      '',
      '  Sandbox        user test@dotmac.cloud, password test123, tenant sandbox_tenant',
      '                 super admin admin, password password123      API key test_pk_1234567890',
      '',
      `  First query    open ${address}/graphql in a browser, or:`,
      '',
      `    curl ${address}/graphql -H 'Content-Type: application/json' -H 'X-API-Key: test_pk_1234567890' \\`,
      `      -d '{"query":"{ plans { nodes { id code price { amount currency } } } routers { nodes { id name status { reachable version } } } }"}'`,
      '',
      '  Router off/on  npx headend sandbox router off · npx headend sandbox router on',
      '  Empty it       npm run reset (after stopping)',
    );
  }
  return [...lines, ''].join('\n');
}
