import type { AsteriskConfig } from '../config/config.ts';

/** Where events come from. Not `subscribeAll`: with it Asterisk 22 tells of everything on a bridge twice. */
export function socketUrl({ base, app }: Pick<AsteriskConfig, 'base' | 'app'>): string {
  return `${base.replace(/^http/, 'ws')}/events?app=${encodeURIComponent(app)}&subscribeAll=false`;
}

/** Whether the message says that another connection took the application over. */
export function isReplaced(message: Buffer): boolean {
  return message.length < 4_096 && /"type"\s*:\s*"ApplicationReplaced"/.test(message.toString('utf8'));
}
