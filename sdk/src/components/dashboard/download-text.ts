/** How long a browser may take to read a file that was handed to it. */
const KEEP_MS = 60_000;

/** Hands a CSV to the browser as a file of that name, as far as a file can have it. The type is plain text: sandboxes refuse others. */
export function downloadText(text: Blob, name: string): void {
  const url = URL.createObjectURL(text);
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.replaceAll(/[^\p{L}\p{N} -]/gu, '-')}.csv`;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, KEEP_MS);
}
