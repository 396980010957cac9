import { PlbaError } from 'plba';

/** The error that `work` throws or rejects with. It must, and the error must be PLBA's. */
export async function caught(work: () => unknown): Promise<PlbaError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof PlbaError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
