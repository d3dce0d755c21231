import { createSocket } from 'node:dgram';
import { systemClock } from '@onrecord/core';
import type { Scene } from './scene.ts';

/** G.722 in RTP: 160 bytes each 20 ms, whose clock runs at 8000 for historical reasons (RFC 3551, 4.5.2). */
const payloadType = 9;
const packetBytes = 160;
const packetMs = 20;

/**
 * A party that sends noise up to 7 kHz, until the scene closes: any bytes are G.722, and those of a generator decode to
 * noise in both of its bands.
 */
export async function noisyParty(scene: Scene, id: string): Promise<string> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { json } = await scene.ari('POST', '/channels/externalMedia', {
    channelId: id,
    app: scene.app,
    external_host: `127.0.0.1:${socket.address().port}`,
    format: 'g722',
  });
  const port = Number(/"UNICASTRTP_LOCAL_PORT":"(\d+)"/.exec(JSON.stringify(json))?.[1]);
  void send(scene, socket, port).finally(() => socket.close());
  return id;
}

async function send(scene: Scene, socket: ReturnType<typeof createSocket>, port: number): Promise<void> {
  let random = 1;
  for (let packet = 0; !scene.context.signal.aborted; packet++) {
    const bytes = Buffer.alloc(12 + packetBytes);
    bytes[0] = 0x80;
    bytes[1] = payloadType;
    bytes.writeUInt16BE(packet & 0xffff, 2);
    bytes.writeUInt32BE(packet * packetBytes, 4);
    bytes.writeUInt32BE(1, 8);
    for (let at = 12; at < bytes.length; at++) {
      random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
      bytes[at] = random >>> 16;
    }
    socket.send(bytes, port, '127.0.0.1');
    await systemClock.delay(packetMs);
  }
}
