import { byStatus, bySubCode } from './error-table.ts';

/** Code and advice for an outcome that an event tells: it is final, so the sub-code decides whatever its status. */
export function adviceOn({
  code,
  subCode,
  text,
}: {
  readonly code?: number | undefined;
  readonly subCode?: string | undefined;
  readonly text: string;
}): { readonly code: ReturnType<typeof byStatus>['code']; readonly text: string } {
  const judged = (subCode === undefined ? undefined : bySubCode(subCode, code)) ?? byStatus(code ?? 500);
  if (judged.remedy === undefined) return { code: judged.code, text };
  return { code: judged.code, text: `${text}${/[.!?]$/.test(text) ? '' : '.'} ${judged.remedy}` };
}
