import { CLAIM_NAMESPACE, LOCAL_AUDIENCE } from '@lumina/contracts';
import { REGIONAL_SETTINGS } from './regional-settings.ts';
import type { Setting } from './setting.ts';

/** Every setting of the BFF; the configuration reference is generated from this table. */
export const SETTINGS: readonly Setting[] = [
  { name: 'HOST', type: 'string', default: '127.0.0.1', required: false, description: 'Address to listen on.' },
  {
    name: 'PORT',
    type: 'port',
    default: '8080',
    required: false,
    description: 'Port to listen on; 0 takes a free one.',
  },
  {
    name: 'LOG_LEVEL',
    type: 'string',
    default: 'info',
    required: false,
    description: 'fatal, error, warn, info, debug, trace or silent.',
  },
  {
    name: 'LUMINA_ROLE',
    type: 'string',
    required: true,
    description: 'distributor (global entry) or regional (answers for one region).',
  },
  {
    name: 'AUTH_ISSUER',
    type: 'url',
    required: true,
    description: 'Issuer of access tokens, exactly as in the claim iss, trailing slash included.',
  },
  {
    name: 'AUTH_AUDIENCE',
    type: 'string',
    default: LOCAL_AUDIENCE,
    required: false,
    description: 'Audience that access tokens must be for.',
  },
  {
    name: 'AUTH_JWKS_URL',
    type: 'url',
    required: false,
    description: 'Public keys of the issuer. Default: <AUTH_ISSUER>.well-known/jwks.json.',
  },
  {
    name: 'AUTH_CLAIM_NAMESPACE',
    type: 'string',
    default: CLAIM_NAMESPACE,
    required: false,
    description: 'Prefix of namespaced claims; plain ones are read too.',
  },
  {
    name: 'AUTH_MANAGEMENT_CLIENT_ID',
    type: 'string',
    required: false,
    description:
      'Regional: client that may create users and tickets at the Management API of Auth0 (client credentials; scopes create:users, delete:users, create:user_tickets); without it nobody is invited from here.',
  },
  {
    name: 'AUTH_MANAGEMENT_CLIENT_SECRET',
    type: 'secret',
    required: false,
    description: 'Regional: secret of that client; needed with it.',
  },
  {
    name: 'AUTH_MANAGEMENT_URL',
    type: 'url',
    required: false,
    description:
      "Regional: the tenant's own address (https://<tenant>.<region>.auth0.com/), needed where AUTH_ISSUER is a custom domain. Default: AUTH_ISSUER.",
  },
  {
    name: 'AUTH_MANAGEMENT_CONNECTION',
    type: 'string',
    default: 'Username-Password-Authentication',
    required: false,
    description: 'Regional: database connection that invited people get their account in.',
  },
  {
    name: 'CORS_ORIGINS',
    type: 'list',
    required: false,
    description: 'Origins of other pages that may call the API, separated by commas.',
  },
  {
    name: 'RATE_LIMITS',
    type: 'json',
    default: '{}',
    required: false,
    description:
      'Regional: requests a minute, in each process, where they differ from the usual: {"queries": {"user": 600, "service": 1200, "territory": 20000}, …}; also reads, writes, exports, live, reports.',
  },
  {
    name: 'TOKEN_REQUESTS_PER_CLIENT',
    type: 'integer',
    default: '30',
    required: false,
    description: 'Regional: requests a minute for tokens of one client from one address.',
  },
  {
    name: 'TOKEN_REQUESTS_PER_ADDRESS',
    type: 'integer',
    default: '300',
    required: false,
    description: 'Regional: requests a minute for tokens from one address, whatever clients they name.',
  },
  {
    name: 'MAX_REQUESTS_IN_FLIGHT',
    type: 'integer',
    default: '2000',
    required: false,
    description: 'Requests that may be under way at once; what is beyond answers overloaded. Streams do not count.',
  },
  {
    name: 'MAX_LOOP_DELAY_MS',
    type: 'integer',
    default: '500',
    required: false,
    description: 'How late the event loop may run, for a second on end, before requests answer overloaded.',
  },
  {
    name: 'PAGE_FRAME_ANCESTORS',
    type: 'list',
    required: false,
    description:
      'Distributor: origins of other sites that may show the page in a frame, like https://*.lightning.force.com, separated by commas. The API is never shown in one.',
  },
  {
    name: 'TRUSTED_PROXIES',
    type: 'list',
    required: false,
    description:
      'Networks of the proxies directly in front, separated by commas: their X-Forwarded-For tells where a caller is, which IP allow-lists go by. Default: none for the distributor (name its load balancer here), loopback and private networks for a region.',
  },
  {
    name: 'LUMINA_REGION_URLS',
    type: 'json',
    default: '{}',
    required: false,
    description:
      'Distributor: origin of each regional BFF by region id, {"1": "https://…"}; a region left out is unavailable.',
  },
  {
    name: 'UPSTREAM_TIMEOUT_MS',
    type: 'integer',
    default: '30000',
    required: false,
    description: 'Distributor: how long a region may take to begin its answer.',
  },
  {
    name: 'LUMINA_STATIC_DIR',
    type: 'string',
    required: false,
    description: 'Distributor: folder of the built page, served with index.html as the fallback.',
  },
  {
    name: 'LUMINA_PAGE_CONFIG',
    type: 'json',
    default: '{}',
    required: false,
    description:
      'Distributor: public settings of the page, served as /config.json {apiUrl, auth0Domain, auth0ClientId, auth0Audience}.',
  },
  ...REGIONAL_SETTINGS,
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    type: 'url',
    required: false,
    description:
      'Base address of an OpenTelemetry collector (OTLP over HTTP, JSON) for traces; without it nothing is recorded.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    type: 'secret',
    required: false,
    description: 'Headers for that collector: name=value pairs, separated by commas, values percent-encoded.',
  },
  {
    name: 'TRACE_RATIO',
    type: 'string',
    default: '0.05',
    required: false,
    description:
      'Share of requests whose trace is recorded, 0 to 1. A region follows what the distributor has decided, where it says so.',
  },
  {
    name: 'TRACE_LIVE_RATIO',
    type: 'string',
    default: '0.001',
    required: false,
    description: 'Regional: share of live evaluations that are recorded, each as a trace of its own, 0 to 1.',
  },
  {
    name: 'TRACE_LOAD_BALANCER',
    type: 'string',
    default: 'none',
    required: false,
    description:
      'Distributor: aws takes the trace id of an AWS load balancer from X-Amzn-Trace-Id; set it only where nothing else can reach this process. Trace headers of callers are dropped always.',
  },
  {
    name: 'AWS_ACCESS_KEY_ID',
    type: 'secret',
    required: false,
    description: 'Regional: read by the AWS SDK; any value locally, absent where a role is attached.',
  },
  {
    name: 'AWS_SECRET_ACCESS_KEY',
    type: 'secret',
    required: false,
    description: 'Regional: read by the AWS SDK, with AWS_ACCESS_KEY_ID.',
  },
];
