/** The fields of a message by their number: the bytes of each that has a length. Numbers are skipped. */
export type Fields = ReadonlyMap<number, Buffer[]>;

/** Reads a message of protocol buffers as it is on the wire. Throws when it breaks off. */
export function readMessage(bytes: Buffer): Fields {
  const fields = new Map<number, Buffer[]>();
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('the message breaks off');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = readVarint();
    switch (key & 7) {
      case 0:
        readVarint();
        break;
      case 1:
        at += 8;
        break;
      case 5:
        at += 4;
        break;
      case 2: {
        const length = readVarint();
        const value = bytes.subarray(at, (at += length));
        if (value.length < length) throw new Error('the message breaks off');
        fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
        break;
      }
      default:
        throw new Error(`wire type ${key & 7}`);
    }
  }
  return fields;
}
