/// One mail to everybody of a segment: its audience is frozen when it is sent, and every contact of
/// it is accounted for.
package ai.mailgoat.server.broadcast;
