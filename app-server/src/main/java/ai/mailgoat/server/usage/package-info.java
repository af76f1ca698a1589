/// What a team has used, by day, and the quotas it is held against.
package ai.mailgoat.server.usage;
