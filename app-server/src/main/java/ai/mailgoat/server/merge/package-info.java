/// What the author of a broadcast writes for everybody, made into what one person reads.
package ai.mailgoat.server.merge;
