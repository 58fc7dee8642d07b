/** What the page at `/graphql` shows a person who opens it in a browser. */
export interface LandingPage {
  /** A query that works as it stands. */
  firstQuery: string;
  /** Headers that the first query needs, e.g. `{ 'x-api-key': 'test_pk_1234567890' }` in the sandbox. */
  headers?: Record<string, string>;
  /** Further pages on this server. */
  links?: Array<{ href: string; label: string }>;
}

const SANDBOX_SCRIPT = 'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';

/**
 * One self-contained page: a plain one with a curl command that works, which Apollo Sandbox covers once its script has
 * come from the CDN. Without the CDN (offline, behind a proxy) the plain page stays.
 */
export function landingPageHtml({ firstQuery, headers = {}, links = [] }: LandingPage): string {
  const headerFlags = Object.entries(headers).map(([name, value]) => ` \\\n  -H '${name}: ${value}'`);
  const list = [...links, { href: '/health/ready', label: 'Health' }, { href: '/metrics', label: 'Metrics' }, { href: '/.well-known/jwks.json', label: 'Public token keys' }];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Headend · GraphQL</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 3rem auto; padding: 0 1rem; color: #1c2733; background: #fff }
  pre { background: #f2f5f8; padding: 1rem; border-radius: 6px; overflow: auto }
  h1 { font-size: 1.6rem } h2 { font-size: 1.1rem; margin-top: 2rem }
  #sandbox { display: none; position: fixed; inset: 0; background: #fff }
  #sandbox iframe { width: 100%; height: 100%; border: 0 }
</style>
</head>
<body>
<h1>Headend · GraphQL</h1>
<p>This address answers GraphQL by <code>POST</code>, and subscriptions by WebSocket (<code>graphql-transport-ws</code>). Where the Internet is in reach, Apollo Sandbox opens here; this page needs nothing.</p>
<h2>A first query</h2>
<pre>${escapeHtml(firstQuery)}</pre>
<h2>With curl</h2>
<pre>curl -s <span class="endpoint">/graphql</span> \\
  -H 'content-type: application/json'${escapeHtml(headerFlags.join(''))} \\
  -d '${escapeHtml(shellQuote(JSON.stringify({ query: firstQuery })))}'</pre>
<h2>Credentials</h2>
<p><code>Authorization: Bearer &lt;access token&gt;</code> (from the mutation <code>login</code>) or <code>X-API-Key</code>; over WebSockets the same names in the <code>connection_init</code> payload. A super admin names the tenant in <code>X-Tenant-ID</code>.</p>
<h2>More</h2>
<ul>
${list.map(({ href, label }) => `<li><a href="${escapeHtml(href)}">${escapeHtml(label)}</a></li>`).join('\n')}
</ul>
<div id="sandbox"></div>
<script>
  var endpoint = location.origin + location.pathname;
  for (var e of document.querySelectorAll('.endpoint')) e.textContent = endpoint;
  function openSandbox() {
    document.getElementById('sandbox').style.display = 'block';
    new window.EmbeddedSandbox({
      target: '#sandbox',
      initialEndpoint: endpoint,
      initialSubscriptionEndpoint: endpoint.replace(/^http/, 'ws'),
      runTelemetry: false,
      initialState: ${scriptJson({ document: firstQuery, headers })}
    });
  }
</script>
<script async src="${SANDBOX_SCRIPT}" onload="openSandbox()"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Inside single quotes of a shell. */
function shellQuote(text: string): string {
  return text.replaceAll("'", `'\\''`);
}

/** JSON that cannot end the script element it stands in. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
