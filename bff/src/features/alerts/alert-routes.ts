import type { Response } from 'express';
import Type from 'typebox';
import { MAX_ALERT_RULES, isMetricId, metricDefinition } from '@lumina/contracts';
import type { AlertRule, AlertRuleDraft } from '@lumina/contracts';
import {
  AlertRuleDraftSchema,
  AlertRuleSchema,
  AlertStateReportSchema,
  AlertTransitionSchema,
} from '@lumina/contracts/schemas';
import type { Identity } from '../../auth/identity.ts';
import { expectedVersionOf } from '../../http/if-match.ts';
import { HttpProblem } from '../../http/problem.ts';
import { defineRoute, pathParameter } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { isTimeZone, metricProblemOf } from '../metrics/index.ts';
import type { AlertRuleStore, StoredRule } from './alert-rule-store.ts';
import { isWithinScope } from './alert-scope.ts';
import { askRules } from './ask-rules.ts';
import type { Answers } from './ask-rules.ts';
import type { WebhookStore } from './webhook-store.ts';

/** What the routes of alert rules need. */
export interface AlertRouteOptions {
  readonly rules: AlertRuleStore;
  readonly webhooks: Pick<WebhookStore, 'find'>;
  readonly answers: Answers;
}

const RuleListSchema = Type.Object({ items: Type.Array(AlertRuleSchema) });
const StateListSchema = Type.Object({ items: Type.Array(AlertStateReportSchema) });
const HistorySchema = Type.Object({ items: Type.Array(AlertTransitionSchema) });
/** Kinds of metrics whose denominator is a number of things. */
const COUNTING: ReadonlySet<string> = new Set(['ratio', 'serviceLevel']);
const MAX_HISTORY = 500;
const QUERY_TIMEOUT_MS = 15_000;

function missing(id: string): HttpProblem {
  // The same words for what is not there, what is another territory's, and what is computed over rows out of sight.
  return new HttpProblem('not_found', `There is no alert rule ${id}.`);
}

const refuse = (detail: string): never => {
  throw new HttpProblem('invalid_request', detail);
};

function toReply({ id, version, draft, scope, updatedAt, updatedBy }: StoredRule): AlertRule {
  return { ...draft, id, version, updatedAt, updatedBy, limited: scope !== undefined };
}

function send(response: Response, rule: StoredRule): void {
  response
    .set('ETag', `"${String(rule.version)}"`)
    .set('Cache-Control', 'private, no-cache')
    .json(toReply(rule));
}

const isVisible = ({ scope }: StoredRule, identity: Identity): boolean => isWithinScope(scope, identity.scope);

async function visibleRule({ rules }: AlertRouteOptions, identity: Identity, id: string): Promise<StoredRule> {
  const rule = await rules.find(identity, id);
  if (rule === undefined || !isVisible(rule, identity)) throw missing(id);
  return rule;
}

/** Whether the denominator of a metric says how many things there are to judge by. */
const isCounted = (metric: string): boolean =>
  isMetricId(metric) && Object.values(metricDefinition(metric).stats).some(({ kind }) => COUNTING.has(kind));

/** Refuses what a schema cannot see: a zone, an endpoint or a metric that does not exist, or a question without an answer. */
async function assertDraft(draft: AlertRuleDraft, identity: Identity, options: AlertRouteOptions): Promise<void> {
  const { hours, webhook, metric, minVolume } = draft;
  if (typeof hours === 'object' && hours.timeZone !== undefined && !isTimeZone(hours.timeZone)) {
    refuse('body/hours/timeZone is not an IANA time zone; write for example Europe/London.');
  }
  if (webhook !== undefined && (await options.webhooks.find(identity, webhook)) === undefined) {
    refuse('body/webhook names no endpoint of this territory; see /api/alerts/webhooks.');
  }
  if (minVolume !== undefined && minVolume.metric === undefined && !isCounted(metric)) {
    refuse(
      `body/minVolume: ${metric} has no number of things below it; name what is counted: {"metric": "…", "n": 20}.`,
    );
  }
  await assertAnswerable(draft, identity, options.answers);
}

/** Asks once what will be asked again and again, as whoever saves it. */
async function assertAnswerable(draft: AlertRuleDraft, identity: Identity, answers: Answers): Promise<void> {
  const { territoryId, regionId, scope } = identity;
  const rule = { id: '', territoryId, draft, scope };
  const found = await askRules([rule], answers, regionId, AbortSignal.timeout(QUERY_TIMEOUT_MS)).catch(
    (error: unknown) => {
      throw metricProblemOf(error);
    },
  );
  const { problem = null, detail = '' } = found.get('') ?? {};
  if (problem !== null) refuse(`body/metric: ${problem}. ${detail}`);
}

function readRoutes(options: AlertRouteOptions): Route[] {
  const { rules } = options;
  return [
    defineRoute({
      method: 'get',
      path: '/api/alerts',
      summary: 'The alert rules of the territory that see no more rows than the caller does',
      permission: 'metrics:read',
      success: { status: 200, description: 'Rules by name', schema: RuleListSchema },
      handle: async ({ identity, response }) => {
        const visible = (await rules.list(identity)).filter((rule) => isVisible(rule, identity));
        response.set('Cache-Control', 'private, no-cache').json({ items: visible.map(toReply) });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/alerts/states',
      summary: 'Where the alert rules are now',
      permission: 'metrics:read',
      success: { status: 200, description: 'States of rules that were evaluated', schema: StateListSchema },
      handle: async ({ identity, response }) => {
        const [all, states] = await Promise.all([rules.list(identity), rules.states(identity)]);
        const visible = new Set(all.filter((rule) => isVisible(rule, identity)).map(({ id }) => id));
        response.set('Cache-Control', 'no-store').json({ items: states.filter(({ ruleId }) => visible.has(ruleId)) });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/alerts/{id}',
      summary: 'One alert rule; its version is the ETag',
      permission: 'metrics:read',
      success: { status: 200, description: 'The rule', schema: AlertRuleSchema },
      handle: async ({ identity, request, response }) => {
        send(response, await visibleRule(options, identity, pathParameter(request, 'id')));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/alerts/{id}/history',
      summary: 'When an alert fired and was resolved, newest first',
      permission: 'metrics:read',
      success: { status: 200, description: `The last ${String(MAX_HISTORY)} transitions`, schema: HistorySchema },
      handle: async ({ identity, request, response }) => {
        const { id } = await visibleRule(options, identity, pathParameter(request, 'id'));
        response.set('Cache-Control', 'no-store').json({ items: await rules.history(identity, id, MAX_HISTORY) });
      },
    }),
  ];
}

function writeRoutes(options: AlertRouteOptions): Route[] {
  const { rules } = options;
  return [
    defineRoute({
      method: 'post',
      path: '/api/alerts',
      summary: 'Create an alert rule; it sees the rows that the caller sees',
      permission: 'alerts:write',
      body: AlertRuleDraftSchema,
      success: { status: 201, description: 'The new rule', schema: AlertRuleSchema },
      handle: async ({ identity, body, response }) => {
        await assertDraft(body, identity, options);
        const rule = await rules.create(identity, body);
        if (rule === undefined)
          throw new HttpProblem(
            'invalid_request',
            `A territory has at most ${String(MAX_ALERT_RULES)} rules; delete one.`,
          );
        response.status(201).location(`/api/alerts/${rule.id}`);
        send(response, rule);
      },
    }),
    defineRoute({
      method: 'put',
      path: '/api/alerts/{id}',
      summary: 'Replace an alert rule, if nobody changed it since; an alert that fires is resolved',
      permission: 'alerts:write',
      headers: ['If-Match'],
      body: AlertRuleDraftSchema,
      success: { status: 200, description: 'The new version', schema: AlertRuleSchema },
      handle: async ({ identity, body, request, response }) => {
        const id = pathParameter(request, 'id');
        const expectedVersion = expectedVersionOf(request);
        await visibleRule(options, identity, id);
        await assertDraft(body, identity, options);
        const outcome = await rules.replace(identity, id, expectedVersion, body);
        if (outcome.kind === 'missing') throw missing(id);
        if (outcome.kind === 'stale') {
          throw new HttpProblem(
            'conflict',
            'Somebody saved this rule in the meantime; load it again and repeat the change.',
          );
        }
        send(response, outcome.rule);
      },
    }),
  ];
}

function removeRoute(options: AlertRouteOptions): Route {
  return defineRoute({
    method: 'delete',
    path: '/api/alerts/{id}',
    summary: 'Delete an alert rule; an alert that fires is resolved',
    permission: 'alerts:write',
    success: { status: 204, description: 'It is gone' },
    handle: async ({ identity, request, response }) => {
      const id = pathParameter(request, 'id');
      await visibleRule(options, identity, id);
      if (!(await options.rules.remove(identity, id))) throw missing(id);
      response.status(204).end();
    },
  });
}

/** `/api/alerts`: rules, where they are, and what happened to them. Mount the routes of endpoints before these. */
export function alertRuleRoutes(options: AlertRouteOptions): readonly Route[] {
  return [...readRoutes(options), ...writeRoutes(options), removeRoute(options)];
}
