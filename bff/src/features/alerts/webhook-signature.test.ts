import assert from 'node:assert/strict';
import { it } from 'node:test';
import { documentedReceiver } from './testing/documented-receiver.ts';
import { newWebhookSecret, signatureOf } from './webhook-signature.ts';

const BODY = '{"event":"alert.firing","value":61.5,"name":"größer"}';
const AT = 1_750_000_000;

it('signs so that the documented receiver believes it, and nothing else', async () => {
  const isFromLumina = await documentedReceiver();
  const [secret, former] = [newWebhookSecret(), newWebhookSecret()];
  const header = signatureOf(BODY, [secret], AT);
  assert.ok(isFromLumina(secret, header, BODY, AT));
  assert.ok(isFromLumina(secret, header, Buffer.from(BODY), AT + 299));
  assert.ok(!isFromLumina(former, header, BODY, AT));
  assert.ok(!isFromLumina(secret, header, BODY.replace('61.5', '99'), AT));
  assert.ok(!isFromLumina(secret, header, BODY, AT + 301), 'a message that was listened to is not believed later');
  assert.ok(!isFromLumina(secret, header.replace(String(AT), String(AT + 301)), BODY, AT + 301));
  for (const nonsense of ['', 't=', 'v1=', 't=x,v1=zz', `t=${String(AT)},v1=00`]) {
    assert.ok(!isFromLumina(secret, nonsense, BODY, AT), nonsense);
  }
});

it('signs with both secrets while one replaces the other', async () => {
  const isFromLumina = await documentedReceiver();
  const secrets = [newWebhookSecret(), newWebhookSecret()];
  const header = signatureOf(BODY, secrets, AT);
  for (const secret of secrets) assert.ok(isFromLumina(secret, header, BODY, AT));
});
