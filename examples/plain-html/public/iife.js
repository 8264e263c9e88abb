// The script before this one has defined the tags. What is left is how this page gets tokens: your own server knows who
// is signed in, and answers with a token for the API.
document.querySelector('lumina-provider').getToken = async () => {
  const reply = await fetch('/token');
  return reply.text();
};
