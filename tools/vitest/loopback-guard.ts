import net from 'node:net';

/**
 * Fails every test that opens a connection to anything but this machine: no test may depend on,
 * or leak to, a network. Guards `net.Socket#connect`, which http, https, tls and fetch all use.
 */
const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i;
/** Test files that share a worker load this again: what is guarded already stays as it is. */
const mark = Symbol.for('@onrecord/loopback-guard');
const connect = net.Socket.prototype.connect;

const guarded = function guarded(this: net.Socket, ...args: unknown[]): net.Socket {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  const options =
    typeof first === 'object' && first !== null
      ? (first as { host?: string; path?: string; lookup?: unknown })
      : { host: args[1] };
  const host = typeof options.host === 'string' ? options.host : 'localhost';
  const custom = 'lookup' in options && typeof options.lookup === 'function';
  if (!('path' in options && options.path) && !custom && !loopback.test(host)) {
    throw new Error(`loopback-guard: this test tried to connect to ${host}; tests reach 127.0.0.1 only`);
  }
  const socket = Reflect.apply(connect, this, args) as net.Socket;
  if (custom) {
    socket.once('lookup', (error: Error | null, address: string) => {
      if (!error && !loopback.test(address))
        socket.destroy(new Error(`loopback-guard: ${host} resolved to ${address}`));
    });
  }
  return socket;
} as typeof connect;

if (!Object.hasOwn(connect, mark)) {
  net.Socket.prototype.connect = Object.assign(guarded, { [mark]: true });
}
