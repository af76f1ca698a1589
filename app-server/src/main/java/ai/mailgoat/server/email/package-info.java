/// The way of a mail into the system: checking what was asked for, taking responsibility for it,
/// and reading it back.
package ai.mailgoat.server.email;
