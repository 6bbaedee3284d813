/** What passes when the transaction is run again: somebody else was first, or both waited for each other. */
const passing: ReadonlySet<string> = new Set(['23505', '40001', '40P01']);

const triesMax = 4;

/** Runs a whole transaction again when another one got in its way; after four times its error is real. */
export async function retrying<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (fault) {
      if (tries === triesMax || !passing.has(codeOf(fault) ?? '')) throw fault;
    }
  }
}

/** Whether nobody serves the database yet: nothing listens there, or Postgres is starting up or shutting down. */
export function isNotThereYet(fault: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'ETIMEDOUT', '57P03', '57P01'].includes(
    codeOf(fault) ?? '',
  );
}

/** The SQLSTATE or system code of an error, where it has one. */
export function codeOf(fault: unknown): string | undefined {
  const { code } = fault as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}
