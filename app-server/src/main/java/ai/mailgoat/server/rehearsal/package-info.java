/// A broadcast tried out before it is sent. Nothing is written, and no mail leaves.
package ai.mailgoat.server.rehearsal;
