/** Whether the browser knows a zone by this name. */
export function isTimeZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // The constructor is the only way to ask; its RangeError is the answer.
    return false;
  }
}
