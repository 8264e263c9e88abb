/** How long a browser may take to read a file that was handed to it. */
const KEEP_MS = 60_000;

/** Hands a text to the browser as a file. The type is plain text: sandboxes refuse others. */
export function downloadText(text: Blob, fileName: string): void {
  const url = URL.createObjectURL(text);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, KEEP_MS);
}
