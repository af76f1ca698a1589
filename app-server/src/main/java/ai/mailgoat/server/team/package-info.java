/// Teams, which own every other row, and the people who sign in for them. Passwords are kept as
/// Argon2id (RFC 9106).
package ai.mailgoat.server.team;
