import { isGrpcServiceError } from '@temporalio/client';

/** The codes of gRPC that we tell apart. */
export const grpcCodes = {
  unknown: 1,
  notEnoughTime: 4,
  notFound: 5,
  stateForbids: 9,
  /** The server does not offer it: the one that skips time keeps no lists. */
  notOffered: 12,
} as const;

/** The code with which a server refused, also where the client has wrapped it; undefined when it was no such refusal. */
export function grpcCodeOf(failure: unknown): number | undefined {
  const cause = failure instanceof Error && !isGrpcServiceError(failure) ? failure.cause : failure;
  return isGrpcServiceError(cause) ? cause.code : undefined;
}
