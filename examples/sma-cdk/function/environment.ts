/**
 * What the stack tells its function.
 * @throws Error that names the variable, while the function is initialized.
 */
export function variable(name: 'RECORDINGS_BUCKET' | 'RECORDINGS_PREFIX' | 'SESSIONS_BUCKET'): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The function has no environment variable ${name}.`);
  return value;
}
