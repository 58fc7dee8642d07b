import { defineCommand } from 'citty';
import { listRoutes } from '#rest-compat/rest.ts';
import { guarded } from './guard.ts';

export default defineCommand({
  meta: { name: 'routes', description: 'List every REST route with the GraphQL operation behind it.' },
  args: { json: { type: 'boolean', description: 'As JSON.' } },
  run: ({ args }) =>
    guarded(async () => {
      const routes = listRoutes();
      if (args.json) {
        console.log(JSON.stringify(routes, null, 2));
        return;
      }
      const widest = Math.max(...routes.map(({ path }) => path.length));
      for (const { method, path, dialect, operation, status } of routes) console.log(`${method.padEnd(6)} ${path.padEnd(widest)}  ${dialect.padEnd(9)} ${status.padEnd(8)} ${operation}`);
      console.log(`${routes.length} routes, ${routes.filter(({ status }) => status === 'served').length} served`);
    }),
});
