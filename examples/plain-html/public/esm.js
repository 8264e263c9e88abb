// Only the tags of this page are loaded; '@lumina/sdk/define' has them all.
import '@lumina/sdk/define/lumina-provider.js';
import '@lumina/sdk/define/lumina-widget.js';

// How this page gets tokens: your own server knows who is signed in, and answers with a token for the API.
document.querySelector('lumina-provider').getToken = async () => {
  const reply = await fetch('/token');
  return reply.text();
};
