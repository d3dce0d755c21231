import type { Problem } from './problem.ts';

const path = 'connectionString';
const form = '"endpoint=https://…;accesskey=…", as on the Keys page of the resource.';

/**
 * The two parts of a connection string, in either order. Undefined when it is not one, which is added to `problems`;
 * nothing of it is quoted, because what stands in a wrong place may be the key.
 */
export function readConnectionString(
  text: unknown,
  problems: Problem[],
): { readonly endpoint: string; readonly accessKey: string } | undefined {
  const fields = typeof text === 'string' ? text.split(';').filter((field) => field.trim() !== '') : [];
  const parts = fields.map((field) => {
    const at = field.indexOf('=');
    return { name: field.slice(0, Math.max(at, 0)).trim().toLowerCase(), value: field.slice(at + 1).trim() };
  });
  const named = (name: string) => parts.filter((part) => part.name === name).map(({ value }) => value);
  const [endpoints, keys] = [named('endpoint'), named('accesskey')];
  const [endpoint, accessKey] = [endpoints[0] ?? '', keys[0] ?? ''];
  const wrong = [
    ...(endpoints.length + keys.length === 0 ? [`Must be ${form}`] : []),
    ...(endpoint === '' && keys.length > 0 ? [`Has no endpoint; it must be ${form}`] : []),
    ...(accessKey === '' && endpoints.length > 0 ? [`Has no accesskey; it must be ${form}`] : []),
    ...(endpoints.length > 1 ? ['Has endpoint twice.'] : []),
    ...(keys.length > 1 ? ['Has accesskey twice.'] : []),
    ...(endpoints.length + keys.length > 0 && parts.length > endpoints.length + keys.length
      ? [`Has a part besides endpoint and accesskey; it must be ${form}`]
      : []),
  ];
  for (const message of wrong) problems.push({ path, message });
  return wrong.length > 0 ? undefined : { endpoint, accessKey };
}
