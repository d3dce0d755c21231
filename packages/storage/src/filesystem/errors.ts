import type { Classification } from '@onrecord/core';
import { classifyCommon, errorCode } from '../errors/network.ts';

type Verdict = Omit<Classification, 'providerCode'>;

const VERDICTS: Readonly<Record<string, Verdict>> = {
  ENOENT: { code: 'not-found', retry: 'never', blame: 'caller' },
  EEXIST: { code: 'already-exists', retry: 'never', blame: 'caller' },
  ENOSPC: {
    code: 'storage-failed',
    retry: 'safe',
    blame: 'destination',
    message: 'The disk of the store is full; nothing was stored.',
    remedy: 'Free space or choose another folder, then repeat.',
  },
  EDQUOT: {
    code: 'quota-exceeded',
    retry: 'safe',
    blame: 'destination',
    message: 'The disk quota of this user is used up; nothing was stored.',
    remedy: 'Free space or raise the quota, then repeat.',
  },
  EIO: {
    code: 'storage-failed',
    retry: 'safe',
    blame: 'destination',
    message: 'The disk of the store reports an input/output error.',
    remedy: 'Check the disk and the kernel log before trusting this folder again.',
  },
  EROFS: denied('The folder of the store is on a read-only filesystem.', 'Choose a folder that can be written to.'),
  EACCES: denied('The folder of the store denies access.', 'Give this process read and write access to it.'),
  EPERM: denied('The folder of the store denies the operation.', 'Give this process read and write access to it.'),
  ELOOP: {
    code: 'permission-denied',
    retry: 'never',
    blame: 'caller',
    message: 'A symbolic link lies on the way; the store follows none.',
    remedy: 'Replace the link by a folder, or make its target the root of the store.',
  },
  ENAMETOOLONG: {
    code: 'invalid-request',
    retry: 'never',
    blame: 'caller',
    message: 'A segment of the key is longer than the filesystem allows (255 bytes on most).',
  },
  ENOTDIR: occupied(),
  EISDIR: occupied(),
  ENOTEMPTY: occupied(),
  EXDEV: {
    code: 'storage-failed',
    retry: 'never',
    blame: 'destination',
    message: 'Another filesystem is mounted inside the folder of the store, so a file cannot be moved into place.',
    remedy: 'Make the mount point itself the root of a store.',
  },
  EMFILE: exhausted(),
  ENFILE: exhausted(),
};

/** Judges an error of the operating system. */
export function classifyFileError(error: unknown): Classification {
  const code = errorCode(error);
  const verdict = code === undefined ? undefined : VERDICTS[code];
  if (verdict) return { ...verdict, providerCode: code };
  return classifyCommon(error) ?? { code: 'storage-failed', retry: 'never', blame: 'destination', providerCode: code };
}

function denied(message: string, remedy: string): Verdict {
  return { code: 'permission-denied', retry: 'never', blame: 'destination', message, remedy };
}

function occupied(): Verdict {
  return {
    code: 'conflict',
    retry: 'never',
    blame: 'caller',
    message: 'A folder has the name of the object, or an object the name of a folder on the way to it.',
    remedy: 'Choose keys of which none is the beginning of another one up to a slash.',
  };
}

function exhausted(): Verdict {
  return { code: 'unavailable', retry: 'safe', blame: 'caller', message: 'Too many files are open.' };
}
