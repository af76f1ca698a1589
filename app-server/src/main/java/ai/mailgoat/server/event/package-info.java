/// What happened, append-only, and what is owed to webhooks for it, in the same transaction.
package ai.mailgoat.server.event;
