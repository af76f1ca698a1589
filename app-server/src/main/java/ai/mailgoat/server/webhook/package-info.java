/// Webhook endpoints, what is owed to them, and the calls that pay it: signed as Standard Webhooks
/// has it (Svix's header names beside), tried eight times over a good day.
///
/// A call is owed in the very transaction that records its event ([WebhookCalls]); the runner
/// ([WebhookRunner]) books the next attempt before it makes this one, so that a crash costs a
/// repetition and never a call. Receivers tell repetitions by `svix-id`.
package ai.mailgoat.server.webhook;
