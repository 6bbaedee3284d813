import { DefaultFailureConverter } from '@temporalio/common';

/**
 * How errors are written into histories: message and stack go into a payload, which is sealed like all others.
 *
 * In clear stay the kind of the failure and the class of the error. Used inside the sandbox and outside of it, where the
 * SDK loads this file by its path with Node alone: so it must stay free of type annotations.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
