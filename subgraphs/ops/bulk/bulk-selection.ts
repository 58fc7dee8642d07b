import type { CallOutcome } from '../engine/outcome.ts';
import type { SagaCall, StepError, Template } from '../engine/saga-definition.ts';
import type { Caller, Sagas } from '../engine/sagas.ts';
import { LIFECYCLE_PERMISSIONS } from '../lifecycle/lifecycle.sagas.ts';
import type { FoundService } from '../lifecycle/lifecycle.ts';
import { cutsSessions, MAX_ITEMS, whyNotDo, type BulkJob } from './bulk-job.ts';
import { BULK_ACCESSES, BULK_SERVICES } from './operations.ts';

/** The services that a job is about, and what it would mean for them. */
export interface Selection {
  services: Array<{ id: string; routerId: string | null }>;
  sessionsToCut: number;
  asWished: number;
}

/** What came of looking: `RETRY` when the graph could not answer now. */
export type Selected = { outcome: 'DONE'; selection: Selection } | { outcome: 'RETRY' | 'REFUSED'; error: StepError } | { outcome: 'LEFT' };

interface Page<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface SelectedService extends Omit<FoundService, 'customer' | 'access'> {
  access: { router: { id: string } | null; session: { id: string } | null } | null;
}

/** The most elements a page of the graph holds. */
const PAGE = 100;
const IN_USE = ['ACTIVE', 'SUSPENDED'];

/**
 * Looks up which services a job is about: page by page, asking services for those that fit and network, in the same
 * operation, for their routers and live sessions; no router is asked. `alive` is called before each page and says whether to
 * go on.
 */
export async function select(sagas: Pick<Sagas, 'call'>, job: BulkJob, alive: () => Promise<boolean>): Promise<Selected> {
  const caller: Caller = { runId: job.id, tenantId: job.tenantId, onBehalfOf: job.requestedBy, permissions: LIFECYCLE_PERMISSIONS };
  const found = new Map<string, SelectedService>();
  const { serviceIds, customerIds, planId, routerId, statuses, billingDay } = job.filter;
  const conditions = defined({ customerIds, planId, billingDay, statuses: statuses ?? IN_USE });

  /** All pages of the services that fit; undefined when all of them have been read. */
  const read = async (ids: readonly string[] | null): Promise<Selected | undefined> => {
    for (let after: string | null = null; ; ) {
      if (!(await alive())) return { outcome: 'LEFT' };
      const answer: Answer<{ services: Page<SelectedService> }> = await ask(BULK_SERVICES, { first: PAGE, after, filter: { ...conditions, ...(ids ? { ids: [...ids] } : {}) } });
      if ('outcome' in answer) return answer;
      const { nodes, pageInfo }: Page<SelectedService> = answer.data.services;
      for (const service of nodes) found.set(service.id, service);
      if (found.size > MAX_ITEMS) return tooMany();
      if (!pageInfo.hasNextPage) return undefined;
      after = pageInfo.endCursor;
    }
  };

  /** The services on a router, a page at a time, each page looked up by its ids. */
  const readRouter = async (id: string): Promise<Selected | undefined> => {
    const wanted = serviceIds ? new Set(serviceIds.map((one) => one.toLowerCase())) : null;
    for (let after: string | null = null; ; ) {
      if (!(await alive())) return { outcome: 'LEFT' };
      const answer: Answer<{ accesses: Page<{ service: { id: string } }> }> = await ask(BULK_ACCESSES, { first: PAGE, after, routerId: id });
      if ('outcome' in answer) return answer;
      const { nodes, pageInfo }: Page<{ service: { id: string } }> = answer.data.accesses;
      const ids = nodes.map(({ service }) => service.id).filter((one) => !wanted || wanted.has(one));
      const ended = ids.length > 0 ? await read(ids) : undefined;
      if (ended || !pageInfo.hasNextPage) return ended;
      after = pageInfo.endCursor;
    }
  };

  const ended = routerId ? await readRouter(routerId) : await read(serviceIds ?? null);
  if (ended) return ended;
  const services = [...found.values()];
  const toChange = services.filter((service) => whyNotDo(job, service) === null);
  return {
    outcome: 'DONE',
    selection: {
      // A move waits for the router that it goes to, everything else for the one that the service is on.
      services: services.map(({ id, access }) => ({ id, routerId: job.action === 'MOVE' ? job.routerId : (access?.router?.id ?? null) })),
      sessionsToCut: cutsSessions(job) ? toChange.filter(({ access }) => access?.session).length : 0,
      asWished: services.length - toChange.length,
    },
  };

  async function ask<T>(document: string, variables: { [key: string]: Template }): Promise<Answer<T>> {
    const call: SagaCall = { document, variables };
    const outcome: CallOutcome & { data?: unknown } = await sagas.call(caller, call, { input: {}, ids: {}, results: {} });
    if (outcome.kind === 'DONE') return { data: outcome.data as T };
    return { outcome: outcome.kind === 'REFUSED' ? 'REFUSED' : 'RETRY', error: outcome.error };
  }
}

type Answer<T> = { data: T } | { outcome: 'RETRY' | 'REFUSED'; error: StepError };

function tooMany(): Selected {
  const message = `filter finds more than ${MAX_ITEMS} services: ask for fewer.`;
  return { outcome: 'REFUSED', error: { code: 'VALIDATION_ERROR', message, details: [{ field: 'filter', code: 'TOO_MANY', message }] } };
}

/** What is there. */
function defined(conditions: Record<string, Template | undefined>): { [key: string]: Template } {
  return Object.fromEntries(Object.entries(conditions).filter((entry): entry is [string, Template] => entry[1] != null));
}
