/** The absolute address of the API; empty means the page's own origin. What is no address is reported and left. */
export function apiAddress(baseUrl: string): string | undefined {
  try {
    return new URL(baseUrl || '/', document.baseURI).href;
  } catch (error) {
    console.warn(`Lumina: base-url "${baseUrl}" is no address; use one like https://bff.example.`, error);
    return undefined;
  }
}
