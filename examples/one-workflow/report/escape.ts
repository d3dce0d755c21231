const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe in HTML and SVG, in attributes as well. */
export function escaped(text: string | number): string {
  return String(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
