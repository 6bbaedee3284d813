import type { InlinePicture } from '../compose/mail.ts';

/**
 * Whoever carries mails and text messages out of the house: the built-in outbox, SMTP, SendGrid, Twilio.
 *
 * The port is neutral on purpose: no mail or SMS API that we target lets the caller deduplicate a send, so everything
 * rests on the honest outcome of one call and on evidence afterwards.
 */
export interface Carrier {
  /** The name of its account, by which creditors choose it and messages remember it. */
  readonly name: string;
  /** Hands one message over, once. Never throws: whatever happens is one of the outcomes. */
  send(message: Outgoing, signal: AbortSignal): Promise<CarrierOutcome>;
  /** What became of a message whose outcome is unknown; `silent` when the carrier cannot tell yet. */
  evidence(messageId: string, signal: AbortSignal): Promise<Evidence>;
  /** What became of a message that the carrier took, asked by its own reference; null where it cannot say. */
  fateOf?(
    ref: string,
    signal: AbortSignal,
  ): Promise<{ readonly status: string; readonly errorCode: string | null } | null>;
}

export interface Outgoing {
  /** Our id, which the carrier echoes in its events; opaque, no personal data. */
  readonly messageId: string;
  readonly channel: 'email' | 'sms';
  readonly recipient: string;
  readonly from: { readonly name: string; readonly replyTo: string };
  readonly subject: string | null;
  readonly html: string | null;
  readonly text: string;
  readonly inline: readonly InlinePicture[];
  /** Papers that go with it, under names that are safe in a header and on a disk. */
  readonly attached: readonly Attachment[];
}

export interface Attachment {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export type CarrierOutcome =
  /** Taken over, and proof of delivery will follow or not. */
  | { readonly kind: 'accepted'; readonly ref: string }
  /** There is nothing between the carrier and the reader. */
  | { readonly kind: 'delivered'; readonly ref: string }
  /** Definitely not sent and never will be. */
  | { readonly kind: 'refused'; readonly reason: string; readonly addressInvalid: boolean }
  /** Definitely not sent this time: a limit, a key that no longer fits, or no connection before the first byte. */
  | {
      readonly kind: 'not_sent';
      readonly reason: string;
      /** In real time, as the provider counts it. */
      readonly retryAfterMs: number;
      /** It is the account that has had enough or is turned away, and every other message of it must wait as long. */
      readonly busy?: true;
    }
  /** Nobody knows: a time-out, a reset after bytes had left, a 5xx. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type Evidence =
  /** The carrier had it; `ref` is null where only its reports say so, and not by what name it keeps it. */
  | { readonly kind: 'accepted'; readonly ref: string | null }
  | { readonly kind: 'absent' }
  | { readonly kind: 'silent' };
