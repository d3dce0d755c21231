import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface BoundSocket {
  readonly protocol: 'tcp' | 'udp';
  /** Dotted for IPv4, 32 hexadecimal digits for IPv6. */
  readonly address: string;
  readonly port: number;
}

/** TCP state of a listener in `/proc/net/tcp`. */
const LISTEN = '0A';

/**
 * What a process has open to be reached at: its TCP listeners and its bound UDP sockets, both IP versions.
 * Linux only: read from `/proc`, which names sockets by the inode that also stands in the process's descriptors.
 */
export function listeningSockets(pid: number): readonly BoundSocket[] {
  const inodes = new Set<string>();
  for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const found: BoundSocket[] = [];
  for (const table of ['tcp', 'tcp6', 'udp', 'udp6'] as const) {
    for (const line of readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const [address = '', port = ''] = (fields[1] ?? '').split(':');
      const protocol = table.startsWith('tcp') ? 'tcp' : 'udp';
      if (!inodes.has(fields[9] ?? '') || (protocol === 'tcp' && fields[3] !== LISTEN)) continue;
      found.push({ protocol, address: readableAddress(address), port: Number.parseInt(port, 16) });
    }
  }
  return found;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** IPv4 stands as one little-endian word on every machine this runs on. */
function readableAddress(hex: string): string {
  return hex.length === 8 ? Buffer.from(hex, 'hex').reverse().join('.') : hex;
}
