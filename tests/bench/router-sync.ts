import { sql } from '#kernel/db/drizzle.ts';
import { makeSecretBox } from '#kernel/crypto/secret-box.ts';
import { uuidv7 } from '#kernel/ids.ts';
import { credentialsContext } from '#subgraphs/network/credentials/credentials.ts';
import type { Benchmark } from './benchmark.ts';
import { startHelper } from './helper.ts';
import { median, short } from './measure.ts';
import { PACE, replay } from './router-limits.ts';
import { freshDatabase, furnish, onboard, openWorld, TENANT, until, type World } from './world.ts';

export const routerSync: Benchmark = {
  name: 'router-sync',
  limit: 'a router paced at 100 requests a second, and the same sentences on a bare socket, 16 on the wire',
  notes: `A router that was replaced by an empty one: everything is wished for, nothing is there. Secrets are written one by one at the pace, whatever the machine could do; the rest of the time is reading. A router tries a query on each of
its rows, so finding some secrets by name costs what the router has and not what is asked for. Read back a hundred at a time, 20,000 secrets took longer to be looked at than to be written (0.5 of the limit at 5,000, and falling with
their square); now a piece grows with the time that the router takes to be read, up to ten seconds of writing (100 to 1,000 secrets), and beyond a hundred names the menu is read whole. A plan is five prints, three statements and the
comparison; \`applyPlan\` makes it again to see whether anything has changed, which is why nothing to do costs two of them.`,
  deadlineMs: 900_000,
  async run({ adminUrl, quick, progress }) {
    const secrets = quick ? 1_000 : 20_000;
    const router = await startHelper('router', { core: 1 });
    const address = await router.ask<{ port: number; username: string; password: string }>('start', { homes: 0, relayed: true });
    const fresh = await router.ask<{ port: number; username: string; password: string }>('start', { homes: 0, relayed: false });
    const world = await openWorld(await freshDatabase(adminUrl));
    try {
      const furniture = await furnish(world, address);
      await onboard(world, furniture, 'sub-0');
      await until('the first subscriber to be on the router', 30_000, async () => (await router.ask<number>('online')) === 1);
      await replay(fresh, await sentencesTo(router));
      await wish(world, secrets);

      const first = await sync(world, furniture.routerId, progress);
      const sentences = await sentencesTo(router);
      const bare = await replay(fresh, sentences);
      progress(`${first.changes} secrets in ${short(first.seconds)} s (${short(first.planSeconds)} s of them the plan), ${sentences.length} sentences; bare ${short(bare)} s`);

      const rates: number[] = [];
      const bareRates: number[] = [];
      const planned: number[] = [];
      const cpu: number[] = [];
      for (let repetition = -1; repetition < (quick ? 2 : 4); repetition += 1) {
        const cpuBefore = process.cpuUsage();
        const again = await sync(world, furniture.routerId, progress);
        const { user, system } = process.cpuUsage(cpuBefore);
        if (again.changes !== 0) throw new Error(`${again.changes} differences where there are none`);
        const bareSeconds = await replay(fresh, await sentencesTo(router));
        progress(`nothing to do: ${short(again.seconds)} s, ${short(again.planSeconds)} s of them the plan; bare ${short(bareSeconds)} s`);
        if (repetition < 0) continue;
        rates.push(1 / again.seconds);
        planned.push(again.planSeconds);
        bareRates.push(1 / bareSeconds);
        cpu.push((user + system) / 1e6);
      }
      return [
        {
          what: `planRouter and applyPlan of ${first.changes} secrets that are missing, read back; their homes dial in meanwhile`,
          against: `one request for each, ${PACE} a second`,
          ratios: [first.changes / PACE / first.seconds],
          figures: `${short(first.seconds)} s, ${short(first.planSeconds)} s of them the plan; ${sentences.length} sentences to the router in all; CPU of this process ${short(first.cpuSeconds)} s`,
        },
        { what: 'the same', against: 'the same sentences on a bare socket, unpaced', ratios: [bare / first.seconds], figures: `bare socket ${short(bare)} s` },
        {
          what: `planRouter and applyPlan on that router when nothing differs (${secrets} secrets and sessions read and compared twice)`,
          against: 'the same sentences on a bare socket',
          ratios: rates.map((rate, at) => rate / bareRates[at]!),
          figures: `${short(1 / median(rates))} s (the plan ${short(median(planned))} s, bare ${short(1 / median(bareRates))} s); CPU of this process ${short(median(cpu))} s`,
        },
      ];
    } finally {
      await world.stop();
      await router.stop();
    }
  },
};

/** A plan made and applied to its end; `changes` is how many rows it adds and changes. */
async function sync(world: World, routerId: string, progress: (line: string) => void): Promise<{ seconds: number; planSeconds: number; cpuSeconds: number; changes: number }> {
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const since = () => (performance.now() - began) / 1000;
  const { planRouter } = await world.ask('mutation ($input: PlanRouterInput!) { planRouter(input: $input) { plan { hash counts { adds changes } } } }', { input: { routerId, maxChanges: 1_000_000 } });
  const planSeconds = since();
  const { hash, counts } = planRouter.plan;
  const { applyPlan } = await world.ask('mutation ($input: ApplyPlanInput!) { applyPlan(input: $input) { apply { id } } }', { input: { hash } });
  const { id } = applyPlan.apply as { id: string };
  let told = 0;
  await until('the plan to be applied', 600_000, async () => {
    const { planApply } = await world.ask('query ($id: ID!) { planApply(id: $id) { state done total reason { code message } } }', { id });
    if (planApply.done >= told + 5_000) progress(`${(told = planApply.done)} of ${planApply.total} after ${short(since())} s`);
    if (['FAILED', 'STOPPED', 'CANCELLED'].includes(planApply.state)) throw new Error(JSON.stringify(planApply));
    return planApply.state === 'SUCCEEDED';
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  return { seconds: since(), planSeconds, cpuSeconds: (user + system) / 1e6, changes: counts.adds + counts.changes };
}

/** What was asked of the router since the last call, without what it is asked at any time. */
async function sentencesTo(router: { ask<Answer>(what: string): Promise<Answer> }): Promise<string[][]> {
  const asked = await router.ask<string[][]>('asked');
  return asked.filter(([command, ...words]) => /^\/(ppp|ip|queue)\//.test(command!) && !command!.endsWith('/listen') && !words.includes('=count-only='));
}

/** More subscribers like the first one, of whom the router knows nothing: as if it had been replaced by a new one. */
async function wish(world: World, total: number): Promise<void> {
  const secretBox = makeSecretBox(world.platform.secret);
  const rows = Array.from({ length: total - 1 }, (_, at) => {
    const credentialsId = uuidv7();
    const context = credentialsContext({ tenantId: TENANT, id: credentialsId });
    const password = `pw-of-${at}`;
    return { credentials_id: credentialsId, service_id: uuidv7(), username: `sub-${at + 1}`, sealed: secretBox.seal(password, context), fingerprint: secretBox.fingerprint(password, context) };
  });
  await world.database.forSubgraph('network').system(async (tx) => {
    await tx.execute(sql`create temporary table made on commit drop as select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(credentials_id uuid, service_id uuid, username text, sealed text, fingerprint text)`);
    await tx.execute(sql`
      insert into network.ppp_credentials
      select (jsonb_populate_record(c, jsonb_build_object('id', m.credentials_id, 'username', m.username, 'password_sealed', m.sealed, 'password_fingerprint', m.fingerprint))).* from network.ppp_credentials c, made m`);
    await tx.execute(sql`
      insert into network.accesses
      select (jsonb_populate_record(a, jsonb_build_object('service_id', m.service_id, 'credentials_id', m.credentials_id, 'username', m.username, 'secret_name', m.username, 'outcome', 'APPLIED'))).* from network.accesses a, made m`);
    await tx.execute(sql`analyze network.accesses`);
    await tx.execute(sql`analyze network.ppp_credentials`);
  });
}
